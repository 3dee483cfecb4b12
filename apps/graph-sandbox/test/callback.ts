import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = {
	readonly method: string;
	readonly url: URL;
	readonly headers: IncomingMessage['headers'];
	/** The very bytes that came. */
	readonly body: string;
};

export type Callback = { readonly url: string; received(): readonly Received[]; stop(): Promise<void> };

/** A webhook receiver on loopback that keeps what comes. By default it repeats the challenge and answers 200 to the rest. */
export async function startCallback(
	answer: (request: Received) => { status: number; body: string } = (request) => ({
		status: 200,
		body: request.url.searchParams.get('hub.challenge') ?? 'ok',
	}),
): Promise<Callback> {
	const received: Received[] = [];
	const server = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
		const one = {
			method: request.method ?? '',
			url: new URL(request.url ?? '/', 'http://callback.invalid'),
			headers: request.headers,
			body: Buffer.concat(chunks).toString('utf8'),
		};
		received.push(one);
		const { status, body } = answer(one);
		response.writeHead(status).end(body);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook?keep=1`,
		received: () => received,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
