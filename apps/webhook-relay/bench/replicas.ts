import { type PostgresServer, startPostgres } from '@instagram-insights/relay-postgres/test/postgres-server';
import { type BenchRelay, removeFolder, startBenchRelay, startCollectingRelay, until } from './bench-relay.ts';
import { load, startServer } from './processes.ts';
import { count, median, percent, table } from './table.ts';

const ROUNDS = 3;
const PATH = '/webhooks/instagram';
const REQUESTS = 10_000;
const EVENTS = 3000;

/** Receiving and delivering on PostgreSQL with one and three replicas, beside SQLite in the same run; all durable. */
export async function replicas(): Promise<string> {
	const server = await startPostgres({ durable: true, settings: ['shared_buffers = 256MB', 'max_wal_size = 4GB'] });
	try {
		const rates: { sqlite: number; one: number; three: number }[] = [];
		for (let round = 0; round < ROUNDS; round += 1) {
			rates.push({
				sqlite: await ingestRate(1, null),
				one: await ingestRate(1, server),
				three: await ingestRate(3, server),
			});
		}
		const drains = {
			sqlite: await drainRate(1, null),
			one: await drainRate(1, server),
			three: await drainRate(3, server),
		};
		const share = (of: 'one' | 'three') => percent(median(rates.map((rate) => rate[of] / rate.sqlite)));
		const rate = (of: keyof (typeof rates)[number]) => count(median(rates.map((one) => one[of])));
		const costs = await costsOfAnEvent(server);
		return `${table(
			['store', 'replicas', 'events/s acknowledged (median of 3)', 'beside SQLite', 'deliveries/s to one subscriber'],
			[
				['SQLite', 1, rate('sqlite'), '100 %', count(drains.sqlite)],
				['PostgreSQL', 1, rate('one'), share('one'), count(drains.one)],
				['PostgreSQL', 3, rate('three'), share('three'), count(drains.three)],
			],
		)}\n\n${costs}`;
	} finally {
		await server.remove();
	}
}

/** What PostgreSQL writes for an event of one subscriber: bytes of its log, and bytes that stay until retention. */
async function costsOfAnEvent(server: PostgresServer): Promise<string> {
	const receiver = await startServer('counting-subscriber.ts');
	const store = await server.createDatabase();
	const database = new URL(store).pathname.slice(1);
	const relay = await startBenchRelay([{ id: 'n8n', url: receiver.url, concurrency: 30 }], { store });
	await relay.api('subscribers/n8n/pause', 'POST');
	const log = async () => {
		const [row] = await server.query("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float AS at", database);
		return Number(row?.at);
	};
	await server.query('CHECKPOINT');
	const before = await log();
	await load({ ports: [relay.port], path: PATH, connections: 64, requests: REQUESTS, tag: 'cost' });
	const received = await log();
	await relay.api('subscribers/n8n/resume', 'POST');
	await until(async () => (await relay.api('totals')).pending === 0);
	const delivered = await log();
	const [size] = await server.query(`SELECT pg_database_size('${database}')::float AS bytes`, database);
	await end([relay]);
	await receiver.stop();
	return table(
		['an event of 0.3 kB on PostgreSQL, one a request', 'bytes'],
		[
			['log written to receive it', count((received - before) / REQUESTS)],
			['log written to deliver it once', count((delivered - received) / REQUESTS)],
			['kept until retention, indexes included', count(Number(size?.bytes) / REQUESTS)],
		],
	);
}

async function ingestRate(size: number, server: PostgresServer | null): Promise<number> {
	const store = await server?.createDatabase();
	const relays: BenchRelay[] = [];
	for (let index = 0; index < size; index += 1) {
		relays.push(await startCollectingRelay(store === undefined ? {} : { store }));
	}
	const job = { ports: relays.map(({ port }) => port), path: PATH, connections: 64 };
	await load({ ...job, requests: 3000, tag: 'warm' });
	const { ok, seconds } = await load({ ...job, requests: REQUESTS, tag: 'rate' });
	await end(relays);
	if (ok !== REQUESTS) throw new Error(`${REQUESTS - ok} of ${REQUESTS} were not answered 200`);
	return ok / seconds;
}

async function drainRate(size: number, server: PostgresServer | null): Promise<number> {
	const receiver = await startServer('counting-subscriber.ts');
	const store = await server?.createDatabase();
	const subscriber = { id: 'n8n', url: receiver.url, concurrency: 30 };
	const relays: BenchRelay[] = [];
	for (let index = 0; index < size; index += 1) {
		relays.push(await startBenchRelay([subscriber], store === undefined ? {} : { store }));
	}
	const [first] = relays;
	if (first === undefined) throw new RangeError('no replica');
	await first.api('subscribers/n8n/pause', 'POST');
	await load({ ports: [first.port], path: PATH, connections: 16, requests: EVENTS / 10, batch: 10, tag: 'drain' });
	const startedAt = performance.now();
	await first.api('subscribers/n8n/resume', 'POST');
	await until(async () => (await first.api('totals')).pending === 0);
	const seconds = (performance.now() - startedAt) / 1000;
	await end(relays);
	await receiver.stop();
	return EVENTS / seconds;
}

async function end(relays: readonly BenchRelay[]): Promise<void> {
	for (const relay of relays) {
		await relay.stop();
		removeFolder(relay.folder);
	}
}
