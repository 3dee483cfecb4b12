import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export type HttpServer = {
	/** where it listens, such as http://127.0.0.1:8787 */
	readonly url: string;
	/** Take no new connection, let requests under way end. Their answers close their connections. */
	close(): Promise<void>;
};

/**
 * Listen. A client that sends slowly, or nothing, loses its connection, since Meta sends at once.
 *
 * @throws what `listen` emits: the port is taken, the address is not ours
 */
export async function serveHttp(
	listener: RequestListener,
	options: { host: string; port: number; maxConnections: number },
): Promise<HttpServer> {
	const server = createServer({ maxHeaderSize: 16_384, connectionsCheckingInterval: 2000 }, listener);
	server.headersTimeout = 10_000;
	server.requestTimeout = 30_000;
	server.keepAliveTimeout = 65_000;
	server.maxConnections = options.maxConnections;
	server.listen(options.port, options.host);
	await once(server, 'listening');
	const { address, family, port } = server.address() as AddressInfo;
	return {
		url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
		async close() {
			const closed = once(server, 'close');
			server.close();
			server.closeIdleConnections();
			// A keep-alive connection that falls idle now would hold the close up until its time-out.
			const sweep = setInterval(() => server.closeIdleConnections(), 100);
			await closed;
			clearInterval(sweep);
		},
	};
}
