import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { until } from '../../src/until.ts';
import {
	openTriggerBench,
	postAsMeta,
	TRIGGER_NAME,
	type TriggerBench,
	type TriggerWorkflow,
	VERIFY_TOKEN,
} from './trigger-bench.ts';

let bench: TriggerBench;
beforeAll(async () => {
	bench = await openTriggerBench(inject('n8nUrl'));
});
afterAll(() => bench.close());

function comment(id: string, field = 'comments') {
	return {
		object: 'instagram',
		entry: [{ id: '17841400000000001', time: 1764551000, changes: [{ field, value: { id, text: 'caf\u00e9' } }] }],
	};
}

/** The items that started the last run. */
async function lastItems(trigger: TriggerWorkflow, count: number): Promise<Record<string, unknown>[]> {
	const runs = await trigger.untilRuns(count);
	expect(runs).toHaveLength(count);
	return (runs.at(-1)?.items(TRIGGER_NAME) ?? []).map(({ json }) => json);
}

describe('the trigger registered by hand', () => {
	let trigger: TriggerWorkflow;
	beforeAll(async () => {
		trigger = await bench.workflow({ mode: 'direct', registration: 'manual' });
		await trigger.publish();
	});

	test('answers the handshake with the challenge alone, as plain text', async () => {
		const query = `hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${encodeURIComponent(VERIFY_TOKEN)}`;
		const answer = await fetch(`${trigger.url}?${query}`);
		expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
			200,
			'text/plain; charset=utf-8',
			'1158201444',
		]);
	});

	test('refuses a handshake with a wrong token', async () => {
		const answer = await fetch(`${trigger.url}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=guess`);
		expect(answer.status).toBe(403);
		expect(await answer.text()).not.toContain('1158201444');
	});

	test('starts the workflow once for a good request, however often it arrives', async () => {
		const answers = [];
		for (let time = 0; time < 3; time += 1) answers.push((await postAsMeta(trigger.url, comment('c1'))).status);
		expect(answers).toEqual([200, 200, 200]);
		expect(await lastItems(trigger, 1)).toEqual([
			{
				object: 'instagram',
				field: 'comments',
				account_id: '17841400000000001',
				occurred_at: '2025-12-01T01:03:20.000Z',
				event_id: expect.any(String),
				comment_id: 'c1',
				text: 'caf\u00e9',
			},
		]);
	});

	test('starts nothing for a forged request, and answers 401', async () => {
		expect((await postAsMeta(trigger.url, comment('forged'), 'guess')).status).toBe(401);
		expect(await trigger.runs()).toHaveLength(1);
	});

	test('gives every event of a batch, including unknown fields', async () => {
		const changes = [1, 2, 3].map((id) => ({ field: id === 3 ? 'poll_vote' : 'comments', value: { id: `b${id}` } }));
		const batch = { object: 'instagram', entry: [{ id: '17841400000000001', time: 1764551000, changes }] };
		expect((await postAsMeta(trigger.url, batch)).status).toBe(200);
		expect((await lastItems(trigger, 2)).map(({ field }) => field)).toEqual(['comments', 'comments', 'poll_vote']);
	});

	test('accepts every shape that Meta sends, signed with either secret of the app', async () => {
		const deliveries = await bench.sandbox.emit({ shape: 'all', url: trigger.url });
		expect(deliveries.filter(({ status }) => status !== 200)).toEqual([]);
		const runs = await trigger.untilRuns(2 + deliveries.length);
		const fields = runs.slice(2).flatMap((run) => run.items(TRIGGER_NAME).map(({ json }) => json.field));
		expect(fields).toEqual(expect.arrayContaining(['comments', 'mentions', 'messages', 'story_insights', 'standby']));
	});

	test("starts the workflow at each press of Meta's Test button", async () => {
		const before = (await trigger.runs()).length;
		for (let press = 0; press < 3; press += 1) {
			await bench.sandbox.emit({ shape: 'story_insights_test', url: trigger.url });
		}
		const runs = (await trigger.untilRuns(before + 3)).slice(before);
		const items = runs.map((run) => run.items(TRIGGER_NAME).map(({ json }) => [json.sample, json.media_id]));
		expect(items).toEqual(Array.from({ length: 3 }, () => [[true, '17887498072083520']]));
	});
});

describe('the trigger registered automatically', () => {
	const AUTOMATIC = {
		mode: 'direct',
		registration: 'automatic',
		authentication: 'facebookLogin',
		fields: ['comments', 'story_insights'],
	};

	test('registers when published, receives events, keeps its registration, and removes it when unpublished', async () => {
		const trigger = await bench.workflow(AUTOMATIC);
		await trigger.publish();
		expect(await until('the registration', () => bench.registeredCallback())).toBe(trigger.url);

		// The account is subscribed after the app. Until then, Meta sends nothing.
		const delivery = await until(
			'the subscription of the account',
			async () => (await bench.sandbox.emit({ shape: 'story_insights', account: 'bakery' }))[0],
		);
		expect([delivery.url, delivery.status]).toEqual([trigger.url, 200]);
		expect((await lastItems(trigger, 1))[0]).toMatchObject({ field: 'story_insights', media_id: expect.any(String) });

		const rival = await bench.workflow(AUTOMATIC);
		await bench.n8n.activate(rival.workflow).catch(() => undefined);
		const refusal = await until('the refusal of the second workflow', () => activationError(rival.workflow.id));
		expect(refusal).toContain(`Meta already sends the Instagram events of this app to ${trigger.url}`);
		expect(await bench.registeredCallback()).toBe(trigger.url);
		// n8n keeps trying to publish it, and refuses to unpublish it during each try.
		await until('the end of the second workflow', async () => {
			await bench.n8n.deactivate(rival.workflow.id);
			return true;
		});
		expect(await bench.registeredCallback()).toBe(trigger.url);

		await trigger.unpublish();
		await until('the end of the registration', async () => (await bench.registeredCallback()) === undefined);
	});
});

/** Why n8n could not publish a trigger, as the editor shows it; undefined until it says so. */
async function activationError(workflowId: string): Promise<string | undefined> {
	type Status = { triggers: { status: string; errorMessage: string | null }[] };
	const { triggers } = await bench.n8n.rest<Status>('GET', `/workflows/${workflowId}/publication-status`);
	return triggers.find(({ status }) => status === 'failed')?.errorMessage ?? undefined;
}

describe('the test URL', () => {
	test('starts the workflow once while the editor listens, repetitions included', async () => {
		const trigger = await bench.workflow({ mode: 'direct', registration: 'manual' });
		for (let time = 0; time < 2; time += 1) {
			const answer = await bench.n8n.rest<{ waitingForWebhook?: boolean }>(
				'POST',
				`/workflows/${trigger.workflow.id}/run`,
				{
					workflowData: trigger.workflow,
					triggerToStartFrom: { name: TRIGGER_NAME },
				},
			);
			expect(answer.waitingForWebhook).toBe(true);
			expect((await postAsMeta(trigger.testUrl, comment('same'))).status).toBe(200);
			const runs = await trigger.untilRuns(time + 1);
			expect(runs.at(-1)?.mode).toBe('manual');
			expect(runs.at(-1)?.items(TRIGGER_NAME)).toHaveLength(1);
		}
		expect((await postAsMeta(trigger.testUrl, comment('late'))).status).toBe(404);
	});
});
