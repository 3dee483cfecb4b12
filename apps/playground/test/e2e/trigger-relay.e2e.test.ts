import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { freePort } from '../../src/n8n/free-port.ts';
import { RELAY_ADMIN_TOKEN, type RelayProcess, startRelay } from '../../src/start-relay.ts';
import {
	openTriggerBench,
	postAsRelay,
	TRIGGER_NAME,
	type TriggerBench,
	type TriggerWorkflow,
} from './trigger-bench.ts';

const OTHER_SECRET = `whsec_${Buffer.from('somebody else signs with this').toString('base64')}`;

let bench: TriggerBench;
let trigger: TriggerWorkflow;
beforeAll(async () => {
	bench = await openTriggerBench(inject('n8nUrl'));
	trigger = await bench.workflow({ mode: 'relay' });
	await trigger.publish();
});
afterAll(() => bench.close());

describe('the trigger in relay mode', () => {
	test('starts the workflow once for a good delivery, however often it arrives', async () => {
		const answers = [];
		for (let time = 0; time < 3; time += 1) answers.push(await postAsRelay(trigger.url, { id: 'evt_once' }));
		expect(answers).toEqual([200, 200, 200]);
		const [run, ...others] = await trigger.untilRuns(1);
		expect(others).toEqual([]);
		expect(run?.items(TRIGGER_NAME).map(({ json }) => json)).toEqual([
			expect.objectContaining({
				field: 'comments',
				account_id: '17841400000000001',
				event_id: 'evt_once',
				comment_id: '1',
			}),
		]);
	});

	test('starts the workflow again for a replay of an earlier event, and only for that', async () => {
		expect(await postAsRelay(trigger.url, { id: 'evt_once', marks: { replay: true } })).toBe(200);
		const runs = await trigger.untilRuns(2);
		expect(runs.at(-1)?.items(TRIGGER_NAME)[0]?.json).toMatchObject({ event_id: 'evt_once', replay: true });
		expect(await postAsRelay(trigger.url, { id: 'evt_once' })).toBe(200);
		expect(await trigger.runs()).toHaveLength(2);
	});

	test('starts nothing for forged and old deliveries, and answers each with its own status', async () => {
		expect(await postAsRelay(trigger.url, { secret: OTHER_SECRET })).toBe(401);
		expect(await postAsRelay(trigger.url, { ageSeconds: 600 })).toBe(425);
		expect(await trigger.runs()).toHaveLength(2);
	});

	describe('behind the real relay', () => {
		let folder: string;
		let relay: RelayProcess;
		beforeAll(async () => {
			folder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-relay-'));
			relay = await startRelay({ port: await freePort(), folder, subscribers: { n8n: trigger.url } });
			await bench.registerCallback(relay.callbackUrl, 'playground');
		});
		afterAll(async () => {
			await relay.stop();
			rmSync(folder, { recursive: true, force: true });
		});

		test('receives each event once, although Meta sends it to the relay three times', async () => {
			const before = (await trigger.runs()).length;
			const url = relay.callbackUrl;
			const [first] = await bench.sandbox.emit({ shape: 'comments', app: 'facebook', url, times: 3 });
			expect(first?.status).toBe(200);
			await bench.sandbox.emit({ shape: 'batch', app: 'facebook', size: 3, url });
			const runs = await trigger.untilRuns(before + 4);
			expect(runs).toHaveLength(before + 4);
			const fields = runs.slice(before).flatMap((run) => run.items(TRIGGER_NAME).map(({ json }) => json.field));
			expect(fields).toEqual(['comments', 'comments', 'comments', 'comments']);
		});

		test("runs at each press of Meta's Test button", async () => {
			const before = (await trigger.runs()).length;
			for (let press = 0; press < 3; press += 1) {
				await bench.sandbox.emit({ shape: 'story_insights_test', url: relay.callbackUrl });
			}
			const runs = (await trigger.untilRuns(before + 3)).slice(before);
			const items = runs.flatMap((run) => run.items(TRIGGER_NAME).map(({ json }) => [json.sample, json.media_id]));
			expect(items).toEqual(Array.from({ length: 3 }, () => [true, '17887498072083520']));
		});

		test('runs once more for a replayed event and marks it as a replay', async () => {
			const before = (await trigger.runs()).length;
			await bench.sandbox.emit({ shape: 'live_comments', url: relay.callbackUrl });
			const first = (await trigger.untilRuns(before + 1)).at(-1)?.items(TRIGGER_NAME)[0]?.json;
			const answer = await fetch(`${relay.url}/api/replay`, {
				method: 'POST',
				headers: { authorization: `Bearer ${RELAY_ADMIN_TOKEN}`, 'content-type': 'application/json' },
				body: JSON.stringify({ ids: [first?.event_id] }),
			});
			expect([answer.status, await answer.json()]).toEqual([200, { replayed: 1 }]);
			const runs = (await trigger.untilRuns(before + 2)).slice(before);
			expect(runs).toHaveLength(2);
			expect(runs.at(-1)?.items(TRIGGER_NAME)[0]?.json).toEqual({ ...first, replay: true });
		});

		test('does not receive what was sent to the relay with a forged signature', async () => {
			const before = (await trigger.runs()).length;
			const [forged] = await bench.sandbox.emit({ shape: 'comments', url: relay.callbackUrl, signature: 'forged' });
			expect([401, 403]).toContain(forged?.status);
			await bench.sandbox.emit({ shape: 'mentions', app: 'facebook', url: relay.callbackUrl });
			const runs = await trigger.untilRuns(before + 1);
			expect(runs.slice(before).flatMap((run) => run.items(TRIGGER_NAME).map(({ json }) => json.field))).toEqual([
				'mentions',
			]);
		});
	});
});
