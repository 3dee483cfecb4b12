import { serveOnLoopback } from './serve-on-loopback.ts';

/** A small generator with a seed, printed with each report, so that a failure can be looked at again. */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}

/**
 * A subscriber that fails at random until it is asked to recover: errors, resets, silence, the start-up page. It remembers
 * what it took as delivered.
 */
export async function startRandomSubscriber(random: () => number) {
	const seen = new Map<string, Set<string>>();
	const order: string[] = [];
	let [accepted, healthy] = [0, false];
	const { url } = await serveOnLoopback((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const dice = healthy ? 1 : random();
			if (dice < 0.03) return void request.socket.destroy();
			if (dice < 0.08) return void response.writeHead(500).end('no');
			if (dice < 0.11)
				return void response.writeHead(200, { 'content-type': 'text/html' }).end('n8n is starting up. Please wait');
			if (dice < 0.12) return; // says nothing
			const { data } = JSON.parse(Buffer.concat(chunks).toString());
			const ids = seen.get(data.value.id) ?? new Set();
			seen.set(data.value.id, ids.add(String(request.headers['webhook-id'])));
			order.push(data.value.id);
			accepted += 1;
			response.writeHead(200, { 'content-type': 'application/json' }).end('{"message":"Workflow was started"}');
		});
	});
	return {
		url: `${url}/`,
		/** comment id → the webhook ids it came under */
		seen,
		/** comment ids as they were accepted */
		order,
		accepted: () => accepted,
		recover: () => {
			healthy = true;
		},
	};
}
export type RandomSubscriber = Awaited<ReturnType<typeof startRandomSubscriber>>;
