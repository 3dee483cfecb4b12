import { startSender } from '@instagram-insights/webhook-relay/test/crash/relay-process';
import { pollUntil } from '@instagram-insights/webhook-relay/test/poll-until';
import { startRandomSubscriber } from '@instagram-insights/webhook-relay/test/random-subscriber';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../postgres-server.ts';
import { lossReport } from './loss-report.ts';
import { startReplicas } from './replica-set.ts';

describe('fail-over to a promoted standby', () => {
	test('goes on without a restart and loses nothing, when commits waited for the standby', {
		timeout: 300_000,
	}, async () => {
		const primary = await startPostgres({ durable: true });
		onTestFinished(() => primary.remove());
		const database = new URL(await primary.createDatabase()).pathname.slice(1);
		await primary.shutDown();
		const standby = await primary.copyAsStandby();
		onTestFinished(() => standby.remove());
		await primary.start();
		await standby.start();
		await primary.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
		await primary.query('SELECT pg_reload_conf()');
		await pollUntil('a synchronous standby', async () => {
			const rows = await primary.query("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'");
			return rows.length > 0;
		});

		const subscriber = await startRandomSubscriber(() => 1);
		const store = `postgres://relay@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/${database}`;
		const replicas = await startReplicas(
			store,
			[{ id: 'n8n', url: subscriber.url, timeoutMs: 500, concurrency: 8 }],
			2,
		);
		const sender = startSender(replicas.webhooks, { connections: 6 });
		await sender.reach(200);
		await primary.kill();
		const goneAt = performance.now();
		await pollUntil('503 while nobody takes writes', async () => (await replicas.ready(0)) === 503);
		const before = sender.acknowledged.size;
		await standby.query('SELECT pg_promote()');
		await pollUntil('an event stored by the promoted one', () => sender.acknowledged.size > before);
		const awayMs = Math.round(performance.now() - goneAt);
		const { sent, ...others } = await sender.finish();
		for (const index of [0, 1]) expect(await replicas.ready(index)).toBe(200);
		await pollUntil('every delivery', () => subscriber.seen.size >= sent);

		const report = await lossReport({ server: standby, database, acknowledged: sender.acknowledged, subscriber });
		console.log(JSON.stringify({ sent, ...report, awayMs, retried: others }));
		expect(report).toMatchObject({ acknowledged: sent, stored: sent, storedOnce: sent, lost: 0 });
	});
});
