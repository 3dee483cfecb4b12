import express, { type ErrorRequestHandler, type Express } from 'express';
import { rawBody } from '../guard/raw-body.ts';
import { type EventsRouteOptions, eventsRoute } from './events-route.ts';
import { handshakeRoute } from './handshake-route.ts';
import { StoreError } from './store-error.ts';

export type AppOptions = EventsRouteOptions & {
	readonly verifyToken: string;
	readonly bodyLimitBytes: number;
	/** most bytes of bodies held at once */
	readonly bodiesHeldBytes: number;
	/** everything that is not Meta's: health, metrics, and with an admin token the API and the dashboard */
	readonly operate: readonly express.Router[];
	readonly onError: (error: unknown) => void;
};

/** The relay's HTTP side, in the order a request meets it. */
export function createApp(options: AppOptions): Express {
	const app = express();
	app.disable('x-powered-by');
	app.disable('etag');
	// Flat keys: 'hub.mode' must stay one name.
	app.set('query parser', 'simple');
	app.set('trust proxy', false);

	app.get(['/webhooks/instagram', '/webhooks/instagram/:secretName'], handshakeRoute(options));
	app.post(
		['/webhooks/instagram', '/webhooks/instagram/:secretName'],
		rawBody({
			limitBytes: options.bodyLimitBytes,
			heldBytes: options.bodiesHeldBytes,
			onFull: () =>
				options.reporter.notStored(new StoreError('overloaded', 'too many bodies are on their way at once')),
		}),
		eventsRoute(options),
	);
	for (const router of options.operate) app.use(router);

	app.use((_request, response) => {
		response.status(404).type('text/plain').send('Not found.');
	});
	app.use(plainErrors(options.onError));
	return app;
}

/** Express's own error page repeats the request; this one repeats nothing. */
function plainErrors(onError: (error: unknown) => void): ErrorRequestHandler {
	return (error, _request, response, next) => {
		const status = typeof error?.status === 'number' && error.status >= 400 && error.status < 500 ? error.status : 500;
		if (status === 500) onError(error);
		if (response.headersSent) return next(error);
		response
			.status(status)
			.type('text/plain')
			.send(status === 500 ? 'Failed.' : 'Bad request.');
	};
}
