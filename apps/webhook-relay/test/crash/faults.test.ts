import { once } from 'node:events';
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../free-port.ts';
import { isLongRun } from '../long-tests.ts';
import { pollUntil } from '../poll-until.ts';
import { seededRandom, startRandomSubscriber } from '../random-subscriber.ts';
import { serveOnLoopback } from '../serve-on-loopback.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { killHard, type RelayProcessOptions, startRelayProcess, startSender } from './relay-process.ts';

const ROUNDS = isLongRun() ? 15 : 3;
const EVENTS_A_ROUND = isLongRun() ? 400 : 120;
const TIME_LIMIT_MS = isLongRun() ? 15 * 60_000 : 300_000;
const FILES = ['', '-wal', '-shm'];
const DAY = 86_400_000;
const CONNECTIONS = 8;

/** A relay under load whose every answered event must reach the subscriber, whatever a round does to it. */
async function startLoad(options: { subscriberUrl?: string } = {}) {
	const seed = Date.now() % 100_000;
	const random = seededRandom(seed);
	const folder = temporaryFolder();
	const path = join(folder, 'relay.db');
	const subscriber = await startRandomSubscriber(random);
	const retry = { delays: Array.from({ length: 50 }, () => '250ms'), jitter: 0.5 };
	const subscribers = [{ id: 'n8n', url: subscriber.url, retry, timeoutMs: 500, concurrency: 8 }];
	const slow = options.subscriberUrl;
	if (slow !== undefined) subscribers.push({ ...subscribers[0], id: 'slow', url: slow } as (typeof subscribers)[0]);
	const subscribersPath = join(folder, 'subscribers.json');
	writeFileSync(subscribersPath, JSON.stringify({ subscribers }));
	const port = await freePort();
	const environment = {
		RELAY_PORT: `${port}`,
		RELAY_STORE: `sqlite:${path}`,
		RELAY_SUBSCRIBERS: subscribersPath,
		RELAY_LOG_LEVEL: 'error',
		META_VERIFY_TOKEN: 'fake-verify',
		META_APP_SECRETS: 'instagram:fake-ig',
	};
	const start = (more: RelayProcessOptions = {}) =>
		startRelayProcess({ ...environment, ...more.environment, RELAY_LOG_LEVEL: 'info' }, more);
	let relay = await start();
	onTestFinished(() => killHard(relay));
	const sender = startSender([`http://127.0.0.1:${port}/webhooks/instagram`], { connections: CONNECTIONS });
	const readiness = () =>
		fetch(`http://127.0.0.1:${port}/readyz`).then(
			({ status }) => status,
			() => 0,
		);

	return {
		path,
		random,
		/** Until a random moment of the load. */
		someMore: () => sender.reach(Math.floor(random() * EVENTS_A_ROUND)),
		isReady: () => pollUntil('a ready relay', async () => (await readiness()) === 200),
		isNotReady: () => pollUntil('503', async () => (await readiness()) === 503),
		async stop(): Promise<void> {
			const gone = once(relay, 'exit');
			relay.kill('SIGTERM');
			await gone;
		},
		kill: () => killHard(relay),
		async start(more?: RelayProcessOptions): Promise<void> {
			relay = await start(more);
		},
		/** End the load, and say what became of everything that was answered. */
		async report(fault: string) {
			const { sent } = await sender.finish();
			subscriber.recover();
			await pollUntil('every delivery', () => subscriber.seen.size >= sent, { timeoutMs: 90_000 });
			await this.stop();
			const database = new DatabaseSync(path, { readOnly: true });
			onTestFinished(() => database.close());
			const count = (sql: string) => Number(database.prepare(sql).get()?.n);
			const report = {
				...{ fault, seed, rounds: ROUNDS, sent, acknowledged: sender.acknowledged.size },
				stored: count('SELECT count(*) AS n FROM event'),
				storedOnce: count(`SELECT count(DISTINCT json_extract(value, '$.id')) AS n FROM event`),
				delivered: subscriber.seen.size,
				duplicated: subscriber.accepted() - subscriber.seen.size,
				lost: [...sender.acknowledged].filter((id) => !subscriber.seen.has(id)).length,
				damaged: count("SELECT count(*) AS n FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
			};
			console.log(JSON.stringify(report));
			return report;
		},
	};
}

/** What a report must say after any fault. */
function nothingLost({ sent }: { sent: number }) {
	return { acknowledged: sent, stored: sent, storedOnce: sent, lost: 0, damaged: 0 };
}

describe('a relay under load loses nothing that was answered 200', () => {
	test('while its files are moved away, and come back', { timeout: TIME_LIMIT_MS }, async () => {
		const load = await startLoad();
		const aside = join(temporaryFolder(), 'aside');
		mkdirSync(aside);
		for (let round = 0; round < ROUNDS; round += 1) {
			await load.someMore();
			for (const end of FILES) renameSync(`${load.path}${end}`, join(aside, `relay.db${end}`));
			await load.isNotReady();
			for (const end of FILES) renameSync(join(aside, `relay.db${end}`), `${load.path}${end}`);
			await load.isReady();
		}
		const report = await load.report('files moved');
		expect(report).toMatchObject(nothingLost(report));
	});

	test('while its files are removed: what it held is written aside when it stops', {
		timeout: TIME_LIMIT_MS,
	}, async () => {
		const load = await startLoad();
		for (let round = 0; round < ROUNDS; round += 1) {
			await load.someMore();
			for (const end of FILES) rmSync(`${load.path}${end}`);
			await load.isNotReady();
			await load.stop();
			renameSync(`${load.path}-rescued`, load.path);
			await load.start();
		}
		const report = await load.report('files removed');
		expect(report).toMatchObject(nothingLost(report));
	});

	test('while the disk takes no more', { timeout: TIME_LIMIT_MS }, async () => {
		const load = await startLoad();
		for (let round = 0; round < ROUNDS; round += 1) {
			await load.someMore();
			await load.stop();
			// A file may not grow past what it has and a little more: the system itself refuses to write, at no known place.
			const kilobytes = Math.ceil(statSync(load.path).size / 1024) + 64 + Math.floor(load.random() * 400);
			await load.start({ fileLimitKilobytes: kilobytes });
			await load.isNotReady();
			if (round % 2 === 0) await load.stop();
			else await load.kill();
			await load.start();
		}
		const report = await load.report('disk full');
		expect(report).toMatchObject(nothingLost(report));
	});

	test('while the clock jumps ahead and back', { timeout: TIME_LIMIT_MS }, async () => {
		const load = await startLoad();
		const preload = pathToFileURL(join(import.meta.dirname, 'shifted-clock.ts')).href;
		const shifts = [400 * DAY, 0, -400 * DAY, 0, 3 * 3_600_000, -3 * 3_600_000];
		for (let round = 0; round < ROUNDS; round += 1) {
			await load.someMore();
			if (round % 2 === 0) await load.kill();
			else await load.stop();
			const shift = round === ROUNDS - 1 ? 0 : (shifts[round % shifts.length] ?? 0);
			await load.start({ preload, environment: { CLOCK_SHIFT_MS: `${shift}` } });
		}
		const report = await load.report('clock moved');
		expect(report).toMatchObject({ ...nothingLost(report), stored: expect.any(Number) });
		// What was committed and not yet answered at a kill is sent again; on a clock beyond the dedup time it is new.
		expect(Number(report.stored)).toBeLessThanOrEqual(report.sent + ROUNDS * CONNECTIONS);
	});

	test('while a receiver is slow, and the relay is killed beside it', { timeout: TIME_LIMIT_MS }, async () => {
		const load = await startLoad({ subscriberUrl: await startSlowReceiver() });
		for (let round = 0; round < ROUNDS; round += 1) {
			await load.someMore();
			await load.kill();
			await load.start();
		}
		const report = await load.report('receiver slow');
		expect(report).toMatchObject(nothingLost(report));
	});

	test('while a reader holds an old state, and the log is small again afterwards', {
		timeout: TIME_LIMIT_MS,
	}, async () => {
		const load = await startLoad();
		for (let round = 0; round < ROUNDS; round += 1) {
			const stuck = new DatabaseSync(load.path, { readOnly: true, timeout: 5000 });
			stuck.exec('BEGIN');
			stuck.prepare('SELECT count(*) FROM event').get();
			await load.someMore();
			if (round % 2 === 0) {
				await load.kill();
				await load.start();
			}
			stuck.exec('COMMIT');
			stuck.close();
		}
		const report = await load.report('reader stuck');
		expect(report).toMatchObject(nothingLost(report));
		expect(statSync(`${load.path}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
	});
});

/** Takes its time with the first byte, and then never ends its answer. */
async function startSlowReceiver(): Promise<string> {
	const { url } = await serveOnLoopback((request, response) => {
		request.resume();
		const timer = setTimeout(() => response.writeHead(200).write('{"mess'), 300);
		response.on('close', () => clearTimeout(timer));
	});
	return `${url}/`;
}
