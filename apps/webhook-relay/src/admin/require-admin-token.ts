import { equalInConstantTime } from '@instagram-insights/core/webhook';
import type { RequestHandler } from 'express';

/**
 * Let through only requests with `Authorization: Bearer <token>`, compared in constant time.
 *
 * The dashboard's page holds the token in the tab and sends it so; there is no cookie, hence nothing for another site to
 * ride on.
 */
export function requireAdminToken(token: string): RequestHandler {
	return (request, response, next) => {
		const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
		if (given !== '' && equalInConstantTime(given, token)) return next();
		response.status(401).set('www-authenticate', 'Bearer realm="relay"').json({ error: 'unauthorized' });
	};
}
