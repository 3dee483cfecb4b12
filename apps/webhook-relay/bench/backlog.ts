import { type BenchRelay, removeFolder, startCollectingRelay } from './bench-relay.ts';
import { load, memoryOf } from './processes.ts';
import { count, median, percent, table } from './table.ts';

const ROUNDS = 3;
const EVENTS = 1_000_000;
const BATCH = 100;
const REQUESTS = 20_000;
const PATH = '/webhooks/instagram';

/** Receiving with a million events stored and waiting, beside an empty store, in turns; and the memory of both. */
export async function backlog(): Promise<string> {
	const full = await startCollectingRelay();
	const filling = await load({
		...{ ports: [full.port], path: PATH, connections: 8 },
		...{ requests: EVENTS / BATCH, batch: BATCH, tag: 'fill' },
	});
	const filled = memoryOf(full.pid);
	const { events, pending, bytes } = await full.api('totals');
	// At rest means a process that only has to keep the backlog.
	await full.stop();
	const again = await startCollectingRelay({ folder: full.folder });
	const rounds: { empty: number; full: number }[] = [];
	let atRest = 0;
	for (let round = 0; round < ROUNDS; round += 1) {
		const empty = await startCollectingRelay();
		atRest = memoryOf(empty.pid);
		const emptyRate = await rate(empty, round);
		await empty.stop();
		removeFolder(empty.folder);
		rounds.push({ empty: emptyRate, full: await rate(again, round) });
	}
	const withBacklog = memoryOf(again.pid);
	await again.stop();
	removeFolder(full.folder);
	const mb = (value: number) => `${value.toFixed(0)} MB`;
	return table(
		['store', 'events', 'waiting', 'events/s (median of 3)', 'share', 'memory', 'bytes on disk an event'],
		[
			['empty, at rest', 0, 0, count(median(rounds.map(({ empty }) => empty))), '100 %', mb(atRest), ''],
			[
				`filled in batches of ${BATCH} at ${count((filling.ok * BATCH) / filling.seconds)} events/s, just after`,
				...[count(events), count(pending), '', '', mb(filled), count((bytes ?? 0) / events)],
			],
			[
				'the same, started again and receiving',
				...[count(events), count(pending)],
				count(median(rounds.map((one) => one.full))),
				percent(median(rounds.map((one) => one.full / one.empty))),
				...[mb(withBacklog), ''],
			],
		],
	);
}

async function rate(relay: BenchRelay, round: number): Promise<number> {
	const job = { ports: [relay.port], path: PATH, connections: 64 };
	await load({ ...job, requests: 5000, tag: `warm${round}` });
	const { ok, seconds } = await load({ ...job, requests: REQUESTS, tag: `rate${round}` });
	return ok / seconds;
}
