import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** An HTTP server on a port of its own. Ends with the test, or at `stop`. */
export async function serveOnLoopback(handler: RequestListener): Promise<{ url: string; stop: () => void }> {
	const server = createServer(handler).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const stop = () => {
		server.closeAllConnections();
		server.close();
	};
	onTestFinished(stop);
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}
