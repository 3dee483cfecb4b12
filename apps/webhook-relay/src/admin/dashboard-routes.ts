import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { Router } from 'express';
import helmet from 'helmet';

const PAGE = fileURLToPath(new URL('./dashboard', import.meta.url));
/** The page's templates. It is served as it is: there is nothing to build. */
const LIT_HTML = dirname(createRequire(import.meta.url).resolve('lit-html'));

/**
 * The dashboard. The page holds no data: it asks for the admin token and reads the admin API with it.
 *
 * The policy allows its own scripts and its own origin, nothing else: even a payload that got past the page's escaping
 * could not run.
 */
export function dashboardRoutes(): Router {
	const router = Router();
	router.use(
		'/dashboard',
		helmet({
			contentSecurityPolicy: {
				useDefaults: false,
				directives: {
					defaultSrc: ["'none'"],
					scriptSrc: ["'self'"],
					styleSrc: ["'self'"],
					connectSrc: ["'self'"],
					imgSrc: ['data:'], // the empty icon
					baseUri: ["'none'"],
					formAction: ["'none'"],
					frameAncestors: ["'none'"],
					requireTrustedTypesFor: ["'script'"],
				},
			},
			crossOriginEmbedderPolicy: true,
			referrerPolicy: { policy: 'no-referrer' },
			// Set this header at the proxy, where TLS ends.
			strictTransportSecurity: false,
		}),
	);
	router.use('/dashboard', (_request, response, next) => {
		response.set('cache-control', 'no-cache');
		next();
	});
	const options = { redirect: false, index: false, cacheControl: false };
	router.use('/dashboard/lit-html', express.static(LIT_HTML, options));
	router.use('/dashboard', express.static(PAGE, options));
	// The page uses relative addresses, so that the relay can run behind a prefix.
	router.get('/dashboard', (request, response) => {
		if (request.path.endsWith('/')) response.redirect(308, '../dashboard');
		else response.sendFile('index.html', { root: PAGE, cacheControl: false });
	});
	return router;
}
