import { startSender } from '@instagram-insights/webhook-relay/test/crash/relay-process';
import { isLongRun } from '@instagram-insights/webhook-relay/test/long-tests';
import { pollUntil } from '@instagram-insights/webhook-relay/test/poll-until';
import { seededRandom, startRandomSubscriber } from '@instagram-insights/webhook-relay/test/random-subscriber';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../postgres-server.ts';
import { lossReport } from './loss-report.ts';
import { startReplicas } from './replica-set.ts';

const KILLS = isLongRun() ? 60 : 4;
/** Of so many kills one is PostgreSQL's. */
const KILLS_A_SERVER_KILL = 4;
const EVENTS_A_ROUND = isLongRun() ? 300 : 120;
const TIME_LIMIT_MS = isLongRun() ? 25 * 60_000 : 300_000;

describe('three replicas under load', () => {
	test(`lose nothing by ${KILLS} kills of replicas and of PostgreSQL`, { timeout: TIME_LIMIT_MS }, async () => {
		const seed = Date.now() % 100_000;
		const random = seededRandom(seed);
		const server = await startPostgres({ durable: true });
		onTestFinished(() => server.remove());
		const store = await server.createDatabase();
		const subscriber = await startRandomSubscriber(random);
		const retry = { delays: Array.from({ length: 50 }, () => '100ms'), jitter: 0.5 };
		const replicas = await startReplicas(store, [
			{ id: 'n8n', url: subscriber.url, retry, timeoutMs: 500, concurrency: 16 },
		]);
		const sender = startSender(replicas.webhooks, { connections: 12 });

		const killed = { replicas: 0, postgres: 0 };
		for (let kill = 0; kill < KILLS; kill += 1) {
			await sender.reach(Math.floor(random() * EVENTS_A_ROUND));
			if (kill % KILLS_A_SERVER_KILL === 1) {
				await server.kill();
				await server.start();
				killed.postgres += 1;
			} else {
				const index = Math.floor(random() * 3);
				await replicas.kill(index);
				await replicas.start(index);
				killed.replicas += 1;
			}
		}
		const { sent, ...others } = await sender.finish();
		subscriber.recover();
		// The leases of the last one killed end first: 0.5 s for the attempt and 15 s to record it.
		await pollUntil('every delivery', () => subscriber.seen.size >= sent, { timeoutMs: 90_000 });

		const database = new URL(store).pathname.slice(1);
		const report = await lossReport({ server, database, acknowledged: sender.acknowledged, subscriber });
		console.log(JSON.stringify({ seed, killed, sent, ...report, retried: others }));
		expect(report).toMatchObject({ acknowledged: sent, stored: sent, storedOnce: sent, lost: 0 });
		expect([...subscriber.seen.values()].filter((ids) => ids.size !== 1)).toEqual([]);
	});
});
