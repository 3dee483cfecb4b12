import { type BenchSubscriber, removeFolder, startBenchRelay, until } from './bench-relay.ts';
import { load, type Server, startServer } from './processes.ts';
import { count, ms, table } from './table.ts';

const PATH = '/webhooks/instagram';
const EVENTS = 5000;

type Counted = { readonly count: number; readonly lags: readonly number[] };

/** What delivering adds to the time of an event, and how many deliveries a second leave for one and for ten subscribers. */
export async function delivery(): Promise<string> {
	return `${await latency()}\n\n${table(
		['subscribers', 'deliveries/s'],
		[
			['1, concurrency 10', count(await drainRate(1))],
			['10, concurrency 10 each', count(await drainRate(10))],
		],
	)}`;
}

/** From the time in the event's id, which the relay gives at receiving, until the subscriber has its bytes. */
async function latency(): Promise<string> {
	const subscriber = await startServer('counting-subscriber.ts');
	const relay = await startBenchRelay([{ id: 'n8n', url: subscriber.url, concurrency: 10 }]);
	const job = { ports: [relay.port], path: PATH, connections: 16 };
	await load({ ...job, requests: 500, tag: 'warm' });
	await until(async () => (await counted(subscriber)).count >= 500);
	await fetch(subscriber.url, { method: 'DELETE' });
	await load({ ...job, requests: 3000, rate: 100, tag: 'lag' });
	await until(async () => (await counted(subscriber)).count >= 3000);
	const lags = [...(await counted(subscriber)).lags].sort((left, right) => left - right);
	await relay.stop();
	await subscriber.stop();
	removeFolder(relay.folder);
	const at = (share: number) => ms(lags[Math.floor(lags.length * share)] ?? 0);
	return table(
		['from receiving to the subscriber, at 100 events a second for 30 s', 'p50', 'p99', 'longest'],
		[['commit, claim, sign and send', at(0.5), at(0.99), ms(lags.at(-1) ?? 0)]],
	);
}

/** A backlog that waited is let go; how fast it leaves. */
async function drainRate(subscribers: number): Promise<number> {
	const receivers = await Promise.all(Array.from({ length: subscribers }, () => startServer('counting-subscriber.ts')));
	const list = receivers.map(({ url }, index): BenchSubscriber => ({ id: `n${index}`, url, concurrency: 10 }));
	const relay = await startBenchRelay(list);
	for (const { id } of list) await relay.api(`subscribers/${id}/pause`, 'POST');
	await load({ ports: [relay.port], path: PATH, connections: 16, requests: EVENTS / 10, batch: 10, tag: 'drain' });
	const startedAt = performance.now();
	await Promise.all(list.map(({ id }) => relay.api(`subscribers/${id}/resume`, 'POST')));
	await until(async () => (await relay.api('totals')).pending === 0);
	const seconds = (performance.now() - startedAt) / 1000;
	await relay.stop();
	for (const receiver of receivers) await receiver.stop();
	removeFolder(relay.folder);
	return (EVENTS * subscribers) / seconds;
}

async function counted({ url }: Server): Promise<Counted> {
	return (await (await fetch(url)).json()) as Counted;
}
