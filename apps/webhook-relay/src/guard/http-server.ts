import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Observer } from '../relay/observe.ts';

/**
 * The routes behind one prefix, and plain answers for everything else.
 *
 * @param basePath in front of every path, such as `/relay`; empty: none
 */
export function plainApp(routes: readonly RequestHandler[], basePath: string, see: Observer['see']): Express {
	const app = express();
	app.disable('x-powered-by').disable('etag').set('trust proxy', false);
	// Flat keys: 'hub.mode' must stay one name.
	app.set('query parser', 'simple');
	app.use(basePath || '/', ...routes);
	app.use((_request, response) => {
		see({ kind: 'turned-away', reason: 'path' });
		response.status(404).type('text/plain').send('Not found.');
	});
	app.use(plainErrors((error) => see({ kind: 'failed', during: 'request', error })));
	return app;
}

/** Express's own error page repeats the request; this one repeats nothing. */
function plainErrors(onError: (error: unknown) => void): ErrorRequestHandler {
	return (error, _request, response, next) => {
		const [status, text] =
			error?.status >= 400 && error?.status < 500 ? [error.status, 'Bad request.'] : [500, 'Failed.'];
		if (status === 500) onError(error);
		if (response.headersSent) return next(error);
		response.status(status).type('text/plain').send(text);
	};
}

export type HttpServer = {
	/** where it listens, such as http://127.0.0.1:8787 */
	readonly url: string;
	/**
	 * Take no new connection, let requests under way end. Their answers close their connections; a client that
	 * has not sent a whole request within the grace loses its connection.
	 */
	close(): Promise<void>;
};

export type HttpServerOptions = {
	readonly host: string;
	readonly port: number;
	readonly maxConnections: number;
	/** called for each connection beyond them, which is closed */
	readonly onDropped?: () => void;
	/** longest time for the head of a request. @default 10 s */
	readonly headersTimeoutMs?: number;
	/** longest time for a whole request. @default 30 s */
	readonly requestTimeoutMs?: number;
	/** longest time that requests under way are given at the end. @default 5 s, a little more than a commit may take */
	readonly closeGraceMs?: number;
};

/**
 * Listen. A client that sends slowly, or nothing, loses its connection, since Meta sends at once.
 *
 * @throws what `listen` emits: the port is taken, the address is not ours
 */
export async function serveHttp(listener: RequestListener, options: HttpServerOptions): Promise<HttpServer> {
	const { headersTimeoutMs: headersTimeout = 10_000, requestTimeoutMs: requestTimeout = 30_000 } = options;
	const connectionsCheckingInterval = Math.min(2000, headersTimeout);
	const limits = { maxHeaderSize: 16_384, headersTimeout, requestTimeout, connectionsCheckingInterval };
	// No Set: each of its tables leads to the next one, so a table that grew old would keep every later request alive.
	const underWay: ServerResponse[] = [];
	let closing = false;
	const server = createServer(limits, (request, response) => {
		if (closing) closeAfter(response);
		underWay.push(response);
		response.once('close', () => underWay.splice(underWay.indexOf(response), 1));
		listener(request, response);
	});
	server.keepAliveTimeout = 65_000;
	server.maxConnections = options.maxConnections;
	server.on('drop', () => options.onDropped?.());
	server.listen(options.port, options.host);
	await once(server, 'listening');
	const { address, family, port } = server.address() as AddressInfo;
	return {
		url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
		async close() {
			closing = true;
			for (const response of underWay) closeAfter(response);
			const closed = once(server, 'close');
			server.close();
			server.closeIdleConnections();
			// A keep-alive connection that falls idle now would hold the close up until its time-out.
			const sweep = setInterval(() => server.closeIdleConnections(), 100);
			// One that never sent a whole request is not idle, and a closed server no longer times it out.
			const end = setTimeout(() => server.closeAllConnections(), options.closeGraceMs ?? 5000);
			await closed;
			clearInterval(sweep);
			clearTimeout(end);
		},
	};
}

function closeAfter(response: ServerResponse): void {
	if (!response.headersSent) response.setHeader('connection', 'close');
}
