import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDeliveryMemory } from '../../../nodes/InstagramInsightsTrigger/receive/deliveryMemory';
import { type FakeRequest, request } from './fake-webhook.mts';

export type TriggerServer = {
	/** `http://127.0.0.1:1234`; n8n's paths follow. */
	readonly origin: string;
	/** What the workflows were started with, one entry for each item. */
	readonly received: Record<string, unknown>[];
	/** Paths that were asked, with their method. */
	readonly asked: string[];
	stop(): Promise<void>;
};

/** The trigger behind a real socket, so that the sandbox can do its handshake and post its events. */
export async function startTriggerServer(options: FakeRequest = {}): Promise<TriggerServer> {
	const received: Record<string, unknown>[] = [];
	const asked: string[] = [];
	const shared = { staticData: {}, memory: createDeliveryMemory(), ...options };
	const server = createServer((incoming, outgoing) => {
		const chunks: Buffer[] = [];
		incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
		incoming.on('end', async () => {
			const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
			asked.push(`${incoming.method} ${url.pathname}`);
			const exchange = await request({
				...shared,
				name: incoming.method === 'GET' ? 'setup' : 'default',
				query: Object.fromEntries(url.searchParams),
				headers: incoming.headers as Record<string, string>,
				body: Buffer.concat(chunks),
			});
			received.push(...exchange.items.map(({ json }) => json));
			exchange.end('answered');
			outgoing.writeHead(exchange.answer.status || 200, { 'content-type': 'text/plain' });
			outgoing.end(exchange.answer.text);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		origin: `http://127.0.0.1:${port}`,
		received,
		asked,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
