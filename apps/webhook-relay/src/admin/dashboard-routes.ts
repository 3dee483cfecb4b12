import { readFileSync } from 'node:fs';
import { Router } from 'express';
import helmet from 'helmet';

/** The files of the page, served as they are: there is nothing to build. */
// biome-ignore format: a table reads by columns
const FILES = [
	['/dashboard',                'index.html',     'text/html; charset=utf-8'],
	['/dashboard/api.js',         'api.js',         'text/javascript; charset=utf-8'],
	['/dashboard/dashboard.css',  'dashboard.css',  'text/css; charset=utf-8'],
	['/dashboard/dashboard.js',   'dashboard.js',   'text/javascript; charset=utf-8'],
	['/dashboard/elements.js',    'elements.js',    'text/javascript; charset=utf-8'],
	['/dashboard/subscribers.js', 'subscribers.js', 'text/javascript; charset=utf-8'],
	['/dashboard/views.js',       'views.js',       'text/javascript; charset=utf-8'],
	['/dashboard/workflow.js',    'workflow.js',    'text/javascript; charset=utf-8'],
] as const;

/**
 * The dashboard. The page holds no data: it asks for the admin token and reads the admin API with it.
 *
 * The policy lets it run its own scripts and talk to its own origin, nothing else: even a payload that slipped through
 * the page's escaping could not run.
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
			// TLS ends at the proxy in front, which is where this belongs.
			strictTransportSecurity: false,
		}),
	);
	// The page's own addresses are relative, so that a prefix may stand before them.
	router.get('/dashboard', (request, response, next) => {
		if (request.path.endsWith('/')) response.redirect(308, '../dashboard');
		else next();
	});
	for (const [path, name, type] of FILES) {
		const content = readFileSync(new URL(`./dashboard/${name}`, import.meta.url));
		router.get(path, (_request, response) => {
			response.set('content-type', type).set('cache-control', 'no-cache').end(content);
		});
	}
	return router;
}
