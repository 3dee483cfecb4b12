import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../free-port.ts';
import { isLongRun } from '../long-tests.ts';
import { pollUntil } from '../poll-until.ts';
import { seededRandom, startRandomSubscriber } from '../random-subscriber.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { killHard, startRelayProcess, startSender } from './relay-process.ts';

const KILLS = isLongRun() ? 60 : 4;
/** The kill of each round falls somewhere inside this many more events. */
const EVENTS_A_ROUND = isLongRun() ? 400 : 150;
const TIME_LIMIT_MS = isLongRun() ? 20 * 60_000 : 300_000;

describe('kill -9 at random moments under load', () => {
	test(`${KILLS} kills lose nothing that was answered 200`, { timeout: TIME_LIMIT_MS }, async () => {
		const seed = Date.now() % 100_000;
		const random = seededRandom(seed);
		const folder = temporaryFolder();
		const path = join(folder, 'relay.db');
		const subscriber = await startRandomSubscriber(random);
		const subscribers = join(folder, 'subscribers.json');
		const retry = { delays: Array.from({ length: 50 }, () => '100ms'), jitter: 0.5 };
		writeFileSync(
			subscribers,
			JSON.stringify({ subscribers: [{ id: 'n8n', url: subscriber.url, retry, timeoutMs: 500, concurrency: 8 }] }),
		);
		const port = await freePort();
		const environment = {
			RELAY_PORT: `${port}`,
			RELAY_STORE: `sqlite:${path}`,
			RELAY_SUBSCRIBERS: subscribers,
			META_VERIFY_TOKEN: 'fake-verify',
			META_APP_SECRETS: 'instagram:fake-ig',
		};

		let relay = await startRelayProcess(environment);
		onTestFinished(() => killHard(relay));
		const sender = startSender([`http://127.0.0.1:${port}/webhooks/instagram`]);

		for (let kill = 0; kill < KILLS; kill += 1) {
			await sender.reach(Math.floor(random() * EVENTS_A_ROUND));
			await killHard(relay);
			relay = await startRelayProcess(environment);
		}
		const { sent } = await sender.finish();
		subscriber.recover();
		await pollUntil('every delivery', () => subscriber.seen.size >= sent, { timeoutMs: 90_000 });
		relay.kill('SIGTERM');
		await once(relay, 'exit');

		const database = new DatabaseSync(path, { readOnly: true });
		onTestFinished(() => database.close());
		const count = (sql: string) => Number(database.prepare(sql).get()?.n);
		const report = {
			seed,
			kills: KILLS,
			sent,
			acknowledged: sender.acknowledged.size,
			stored: count('SELECT count(*) AS n FROM event'),
			storedOnce: count(`SELECT count(DISTINCT json_extract(value, '$.id')) AS n FROM event`),
			delivered: subscriber.seen.size,
			duplicated: subscriber.accepted() - subscriber.seen.size,
			lost: [...sender.acknowledged].filter((id) => !subscriber.seen.has(id)).length,
		};
		console.log(JSON.stringify(report));
		expect(report).toMatchObject({ acknowledged: sent, stored: sent, storedOnce: sent, lost: 0 });
		expect([...subscriber.seen.values()].filter((ids) => ids.size !== 1)).toEqual([]);
		expect(count("SELECT count(*) AS n FROM pragma_integrity_check WHERE integrity_check <> 'ok'")).toBe(0);
	});
});
