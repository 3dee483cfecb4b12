import { NOBODY, removeFolder, startBenchRelay, startCollectingRelay } from './bench-relay.ts';
import { load, startServer } from './processes.ts';
import { count, median, ms, percent, table } from './table.ts';

const ROUNDS = 5;
const REQUESTS = 30_000;
const PATH = '/webhooks/instagram';

/** Events acknowledged a second, durable, beside the same route and signature check without a store, in turns. */
export async function ingest(): Promise<string> {
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
	return table(
		['64 connections, one event a request, one delivery an event', 'events/s (median of 5)', 'share'],
		[
			['the same route without a store', count(median(rounds.map(({ bare }) => bare))), '100 %'],
			[
				'the relay, each answer after its commit is synced',
				count(median(rounds.map(({ durable }) => durable))),
				percent(median(rounds.map(({ bare, durable }) => durable / bare))),
			],
		],
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
