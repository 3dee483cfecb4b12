import { answerHandshake } from '@instagram-insights/core/webhook';
import type { RequestHandler } from 'express';
import type { ReceiveReporter } from './receive-reporter.ts';

/** `GET /webhooks/instagram`: Meta asks whether this URL is ours, each time the webhook is configured. */
export function handshakeRoute(options: { verifyToken: string; reporter: ReceiveReporter }): RequestHandler {
	return (request, response) => {
		const answer = answerHandshake(request.query, options.verifyToken);
		options.reporter.handshake(answer.accepted ? 'accepted' : answer.reason);
		response.status(answer.status).type('text/plain').send(answer.body);
	};
}
