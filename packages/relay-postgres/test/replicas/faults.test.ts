import { startSender } from '@instagram-insights/webhook-relay/test/crash/relay-process';
import { isLongRun } from '@instagram-insights/webhook-relay/test/long-tests';
import { pollUntil } from '@instagram-insights/webhook-relay/test/poll-until';
import { seededRandom, startRandomSubscriber } from '@instagram-insights/webhook-relay/test/random-subscriber';
import { serveOnLoopback } from '@instagram-insights/webhook-relay/test/serve-on-loopback';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../postgres-server.ts';
import { lossReport } from './loss-report.ts';
import { startReplicas } from './replica-set.ts';

const ROUNDS = isLongRun() ? 15 : 3;
const EVENTS_A_ROUND = isLongRun() ? 300 : 50;
const timeout = isLongRun() ? 15 * 60_000 : 300_000;
const CONNECTIONS = 8;
const REPLICAS = 2;
const DAY = 86_400_000;

/** Two replicas under load whose every answered event must reach the subscriber, whatever a round does to them. */
async function startLoad({ slowUrl }: { slowUrl?: string } = {}) {
	const seed = Date.now() % 100_000;
	const random = seededRandom(seed);
	const server = await startPostgres({ durable: true });
	onTestFinished(() => server.remove());
	const store = await server.createDatabase();
	const database = new URL(store).pathname.slice(1);
	const subscriber = await startRandomSubscriber(random);
	const retry = { delays: Array.from({ length: 50 }, () => '250ms'), jitter: 0.5 };
	const n8n = { id: 'n8n', url: subscriber.url, retry, timeoutMs: 500, concurrency: 8 };
	const slow = slowUrl === undefined ? [] : [{ ...n8n, id: 'slow', url: slowUrl }];
	const replicas = await startReplicas(store, [n8n, ...slow], REPLICAS);
	const sender = startSender(replicas.webhooks, { connections: CONNECTIONS });
	return {
		replicas,
		query: (sql: string) => server.query(sql, database),
		/** Until a random moment of the load. */
		someMore: () => sender.reach(Math.floor(random() * EVENTS_A_ROUND)),
		/** End the load, and say what became of everything that was answered. */
		async report(fault: string) {
			const { sent, ...retried } = await sender.finish();
			subscriber.recover();
			await pollUntil('every delivery', () => subscriber.seen.size >= sent, { timeoutMs: 90_000 });
			const report = await lossReport({ server, database, acknowledged: sender.acknowledged, subscriber });
			console.log(JSON.stringify({ fault, seed, rounds: ROUNDS, sent, ...report, retried }));
			return { sent, ...report, retried };
		},
	};
}

/** What a report must say after any fault. */
function nothingLost({ sent }: { sent: number }) {
	return { acknowledged: sent, stored: sent, storedOnce: sent, lost: 0 };
}

describe('replicas under load lose nothing that was answered 200', () => {
	test('while PostgreSQL ends their connections', { timeout }, async () => {
		const load = await startLoad();
		let ended = 0;
		for (let round = 0; round < ROUNDS; round += 1) {
			await load.someMore();
			const rows = await load.query(
				`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				 WHERE application_name = 'instagram-webhook-relay' AND datname = current_database()`,
			);
			ended += rows.length;
		}
		expect(ended).toBeGreaterThanOrEqual(ROUNDS * REPLICAS);
		const report = await load.report('connections cut');
		expect(report).toMatchObject(nothingLost(report));
	});

	test('while PostgreSQL has no room on its disk', { timeout }, async () => {
		const load = await startLoad();
		// What PostgreSQL answers when a table cannot grow, with its own code.
		await load.query(
			`CREATE FUNCTION relay.no_room() RETURNS trigger LANGUAGE plpgsql AS
			 $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$`,
		);
		for (let round = 0; round < ROUNDS; round += 1) {
			await load.someMore();
			// Counted first: a refused commit may be over before the next question.
			const before = await countFull(load.replicas.webhooks);
			await load.query('CREATE TRIGGER no_room BEFORE INSERT ON relay.receipt EXECUTE FUNCTION relay.no_room()');
			await pollUntil('a refused commit', async () => (await countFull(load.replicas.webhooks)) > before);
			await load.query('DROP TRIGGER no_room ON relay.receipt');
		}
		const report = await load.report('disk full');
		expect(report).toMatchObject(nothingLost(report));
		expect(Object.keys(report.retried.status)).toEqual(['503']);
	});

	test('while the clocks of replicas jump ahead and back', { timeout }, async () => {
		const load = await startLoad();
		const shifted = import.meta.resolve('@instagram-insights/webhook-relay/test/crash/shifted-clock');
		const shifts = [3 * 3_600_000, -3 * 3_600_000, 400 * DAY, 0, -400 * DAY, 0];
		for (let round = 0; round < ROUNDS; round += 1) {
			await load.someMore();
			const index = round % REPLICAS;
			await (round % 2 === 0 ? load.replicas.kill(index) : load.replicas.stop(index));
			// At the end the replicas agree again.
			const shift = round >= ROUNDS - REPLICAS ? 0 : (shifts[round % shifts.length] ?? 0);
			await load.replicas.start(index, { preload: shifted, environment: { CLOCK_SHIFT_MS: `${shift}` } });
		}
		const report = await load.report('clock moved');
		expect(report).toMatchObject({ ...nothingLost(report), stored: expect.any(Number) });
		// What was committed and not yet answered at a kill is sent again; on a clock beyond the dedup time it is new.
		expect(Number(report.stored)).toBeLessThanOrEqual(report.sent + ROUNDS * CONNECTIONS);
	});

	test('while a receiver is slow, and replicas are killed beside it', { timeout }, async () => {
		const load = await startLoad({ slowUrl: await startSlowReceiver() });
		for (let round = 0; round < ROUNDS; round += 1) {
			await load.someMore();
			await load.replicas.kill(round % REPLICAS);
			await load.replicas.start(round % REPLICAS);
		}
		const report = await load.report('receiver slow');
		expect(report).toMatchObject(nothingLost(report));
	});
});

/** Receipts that were not stored because the disk was full, over all replicas. */
async function countFull(webhooks: readonly string[]): Promise<number> {
	const pages = await Promise.all(webhooks.map(async (webhook) => (await fetch(new URL('/metrics', webhook))).text()));
	const counts = pages.map((page) => Number(/outcome="not_stored",secret="full"\} (\d+)/.exec(page)?.[1] ?? 0));
	return counts.reduce((sum, one) => sum + one, 0);
}

/** Takes its time with the first byte, and then never ends its answer. */
async function startSlowReceiver(): Promise<string> {
	const { url } = await serveOnLoopback((request, response) => {
		request.resume();
		const timer = setTimeout(() => response.writeHead(200).write('{"mess'), 300);
		response.on('close', () => clearTimeout(timer));
	});
	return `${url}/`;
}
