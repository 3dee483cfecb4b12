import { NOBODY, removeFolder, startBenchRelay, startCollectingRelay } from './bench-relay.ts';
import { keepCoreBusy, load, startServer } from './processes.ts';
import { count, median, ms, percent, table } from './table.ts';

const ROUNDS = 5;
const REQUESTS = 30_000;
const PATH = '/webhooks/instagram';

/**
 * Events acknowledged a second, durable, beside the same route and signature check without a store, in turns: on a quiet
 * machine, and with one core kept busy, as beside an n8n.
 */
export async function ingest(): Promise<string> {
	const rows: (string | number)[][] = [];
	for (const beside of ['nothing', 'one busy core']) {
		const busy = beside === 'nothing' ? null : keepCoreBusy();
		const rounds: { bare: number; durable: number }[] = [];
		for (let round = 0; round < ROUNDS; round += 1) {
			const bare = await startServer('route-without-store.ts');
			const bareRate = await rate(bare.port);
			await bare.stop();
			const relay = await startCollectingRelay();
			const durableRate = await rate(relay.port);
			await relay.stop();
			removeFolder(relay.folder);
			rounds.push({ bare: bareRate, durable: durableRate });
		}
		await busy?.stop();
		const bare = count(median(rounds.map((one) => one.bare)));
		const durable = count(median(rounds.map((one) => one.durable)));
		rows.push([beside, bare, durable, percent(median(rounds.map((one) => one.durable / one.bare)))]);
	}
	return table(
		[
			'beside',
			'events/s of the same route without a store',
			'events/s of the relay, each answer after its sync',
			'share',
		],
		rows,
	);
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
