import type { IncomingMessage, ServerResponse } from 'node:http';
import { serveOnLoopback } from './serve-on-loopback.ts';

export type ReceivedDelivery = {
	/** by `performance.now()` */
	readonly at: number;
	readonly path: string;
	readonly headers: IncomingMessage['headers'];
	readonly body: string;
	/** as parsed, for mode `event` */
	readonly json: {
		type: string;
		timestamp: string;
		data: { event_id: string; account_id: string; field: string; value: unknown; received_at: string };
	};
};

/** How the subscriber answers one request. */
export type Behaviour = (response: ServerResponse, request: IncomingMessage, json: ReceivedDelivery['json']) => void;

const answer =
	(status: number, body: string, headers: Record<string, string> = {}): Behaviour =>
	(response) =>
		void response.writeHead(status, headers).end(body);
const html = { 'content-type': 'text/html; charset=utf-8' };
const json = { 'content-type': 'application/json; charset=utf-8' };

/** What real subscribers do, good and bad. The n8n answers are those of 2.41.1. */
export const BEHAVIOURS = {
	ok: answer(200, '{"message":"Workflow was started"}', json),
	startingUp: answer(200, '<html><body>n8n is starting up. Please wait...</body></html>', html),
	htmlNotFound: answer(404, '<!DOCTYPE html><html><body><pre>Cannot POST /webhook/x</pre></body></html>', html),
	notRegistered: answer(
		404,
		'{"code":404,"message":"The requested webhook \\"POST x\\" is not registered.","hint":"…"}',
		json,
	),
	unauthorized: answer(401, 'Authorization data is wrong!'),
	forbidden: answer(403, 'Forbidden'),
	gone: answer(410, ''),
	tooLarge: answer(413, ''),
	throttled: answer(429, '', { 'retry-after': '1' }),
	failing: answer(500, '{"message":"Error in workflow"}', json),
	databaseNotReady: answer(503, '{"code":"503","message":"Database is not ready!"}', json),
	redirect: answer(302, '', { location: 'http://127.0.0.1:1/elsewhere' }),
	reset: (response) => void response.socket?.destroy(),
	silent: () => {},
	slowBody: (response) => void response.writeHead(200, json).write('{"mess'),
	cutBody: (response) => {
		response.writeHead(200, { ...json, 'content-length': '100' }).write('{"mess');
		setImmediate(() => response.socket?.destroy());
	},
	endlessBody: (response) => {
		response.writeHead(200, json).write('{"mess');
		const drip = setInterval(() => response.write('x'), 20);
		response.once('close', () => clearInterval(drip));
	},
	hugeBody: (response) => void response.writeHead(200, json).end(`{"data":"${'x'.repeat(5_000_000)}"}`),
} as const satisfies Record<string, Behaviour>;

/** A subscriber that answers as `behave` says, and remembers what came. Ends with the test. */
export async function startFaultSubscriber(first: Behaviour = BEHAVIOURS.ok) {
	const received: ReceivedDelivery[] = [];
	let [behave, underWay, mostUnderWay] = [first, 0, 0];
	const { url } = await serveOnLoopback((request, response) => {
		underWay += 1;
		mostUnderWay = Math.max(mostUnderWay, underWay);
		response.on('close', () => {
			underWay -= 1;
		});
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const body = Buffer.concat(chunks).toString();
			const json = parseOrEmpty(body);
			received.push({ at: performance.now(), path: request.url ?? '', headers: request.headers, body, json });
			behave(response, request, json);
		});
	});
	return {
		url: `${url}/webhook/x`,
		received,
		mostUnderWay: () => mostUnderWay,
		behave(next: Behaviour) {
			behave = next;
		},
	};
}

function parseOrEmpty(body: string) {
	try {
		return JSON.parse(body);
	} catch {
		return {};
	}
}
