import { startSender } from '@instagram-insights/webhook-relay/test/crash/relay-process';
import { pollUntil } from '@instagram-insights/webhook-relay/test/poll-until';
import { startRandomSubscriber } from '@instagram-insights/webhook-relay/test/random-subscriber';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../postgres-server.ts';
import { lossReport } from './loss-report.ts';
import { startReplicas } from './replica-set.ts';

describe('a rolling restart under load', () => {
	test('answers nothing but 200, and loses nothing', { timeout: 300_000 }, async () => {
		const server = await startPostgres({ durable: true });
		onTestFinished(() => server.remove());
		const store = await server.createDatabase();
		const subscriber = await startRandomSubscriber(() => 1);
		const replicas = await startReplicas(store, [{ id: 'n8n', url: subscriber.url, concurrency: 8 }]);
		const sender = startSender(replicas.webhooks, { connections: 6, eventsPerSecond: 150 });
		for (const index of [0, 1, 2]) {
			await sender.reach(50);
			await replicas.stop(index);
			await replicas.start(index);
		}
		const { sent, ...others } = await sender.finish();
		await pollUntil('every delivery', () => subscriber.seen.size >= sent);

		const database = new URL(store).pathname.slice(1);
		const report = await lossReport({ server, database, acknowledged: sender.acknowledged, subscriber });
		console.log(JSON.stringify({ sent, ...report, retried: others }));
		expect(others.status).toEqual({});
		expect(report).toMatchObject({ acknowledged: sent, stored: sent, storedOnce: sent, duplicated: 0, lost: 0 });
	});
});
