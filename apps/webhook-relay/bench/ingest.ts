import { NOBODY, removeFolder, startBenchRelay, startCollectingRelay } from './bench-relay.ts';
import { keepCoreBusy, load, type Server, startServer } from './processes.ts';
import { count, median, ms, percent, table } from './table.ts';

const ROUNDS = 5;
const REQUESTS = 30_000;
const PATH = '/webhooks/instagram';

/**
 * Events acknowledged a second, durable, beside the same route without a store, in turns: on a quiet machine, and with one
 * core kept busy, as beside an n8n. The route without a store is measured twice: with the signature check only, and with
 * the body split into events too, so that the second share is what storing alone costs.
 */
export async function ingest(): Promise<string> {
	const rows: (string | number)[][] = [];
	for (const beside of ['nothing', 'one busy core']) {
		const busy = beside === 'nothing' ? null : keepCoreBusy();
		const rounds: { verified: number; split: number; durable: number }[] = [];
		for (let round = 0; round < ROUNDS; round += 1) {
			const verified = await rateOf(await startServer('route-without-store.ts'));
			const split = await rateOf(await startServer('route-without-store.ts', ['split']));
			const relay = await startCollectingRelay();
			const durable = await rateOf(relay);
			removeFolder(relay.folder);
			rounds.push({ verified, split, durable });
		}
		await busy?.stop();
		const middle = (of: (round: (typeof rounds)[number]) => number) => median(rounds.map(of));
		rows.push([
			beside,
			...[
				count(middle(({ verified }) => verified)),
				count(middle(({ split }) => split)),
				count(middle(({ durable }) => durable)),
			],
			...[percent(middle((one) => one.durable / one.verified)), percent(middle((one) => one.durable / one.split))],
		]);
	}
	return table(
		[
			'beside',
			'events/s without a store, signature only',
			'events/s without a store, split into events',
			'events/s of the relay, each answer after its sync',
			'share of the first',
			'share of the second',
		],
		rows,
	);
}

async function rateOf(server: Server): Promise<number> {
	const measured = await rate(server.port);
	await server.stop();
	return measured;
}

/** Of two loads the second: the first warms the process up. */
async function rate(port: number): Promise<number> {
	for (const requests of [5000, REQUESTS]) {
		const { ok, seconds } = await load({ ports: [port], path: PATH, requests, connections: 64, tag: `r${requests}` });
		if (ok !== requests) throw new Error(`${requests - ok} of ${requests} were not answered 200`);
		if (requests === REQUESTS) return ok / seconds;
	}
	return 0;
}

/** How long an answer takes at 200 requests a second. */
export async function pace(): Promise<string> {
	const relay = await startBenchRelay([NOBODY]);
	await relay.api(`subscribers/${NOBODY.id}/pause`, 'POST');
	const job = { ports: [relay.port], path: PATH, connections: 64 };
	await load({ ...job, requests: 2000, tag: 'warm' });
	const result = await load({ ...job, requests: 6000, rate: 200, tag: 'pace' });
	await relay.stop();
	removeFolder(relay.folder);
	return table(
		['answers at 200 requests a second for 30 s', 'p50', 'p99', 'longest', 'not 200'],
		[['the relay', ms(result.p50), ms(result.p99), ms(result.max), result.other]],
	);
}
