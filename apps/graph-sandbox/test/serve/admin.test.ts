import { describe, expect, test } from 'vitest';
import { sandboxForFile } from '../ask.ts';
import { startCallback } from '../callback.ts';

const { ask, sandbox } = sandboxForFile();
const ME = 'graph.instagram.com/v25.0/me?fields=followers_count';
const admin = (path: string, method = 'GET', body?: object) =>
	fetch(`${sandbox().url}/__sandbox/${path}`, {
		method,
		...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
	}).then(async (response) => ({ status: response.status, body: (await response.json()) as Record<string, unknown> }));

describe('answerAdmin', () => {
	test('shows accounts, tokens, scenarios and shapes', async () => {
		const { body } = await admin('');
		expect((body.accounts as { key: string }[]).map((account) => account.key)).toContain('bakery');
		expect(Object.keys(body.tokenVariants as object)).toContain('expired');
		expect(body.webhookShapes).toContain('story_insights');
	});

	test('lists and counts requests without its own, and starts again at zero', async () => {
		await admin('reset', 'POST');
		await ask(ME, 'IGAA-sandbox-bakery');
		expect((await admin('counts')).body).toEqual({ httpRequests: 1, metaCalls: 1, mostAtOnce: 1 });
		const { requests } = (await admin('requests')).body as { requests: Record<string, unknown>[] };
		expect(requests).toEqual([
			{
				at: '2026-11-20T20:00:00.000Z',
				method: 'GET',
				host: 'graph.instagram.com',
				version: 'v25.0',
				path: '/me',
				query: { fields: 'followers_count' },
				token: 'IGAA-sandbox-bakery',
				tokenFrom: 'header',
				account: 'bakery',
				metaCalls: 1,
				scenario: null,
				status: 200,
				errorCode: null,
				batch: [],
			},
		]);
		await admin('reset', 'POST');
		expect((await admin('counts')).body.httpRequests).toBe(0);
	});

	test('sets a scenario for later requests, and removes it', async () => {
		await admin('scenario', 'POST', { scenario: 'transient', account: 'bakery' });
		expect((await ask(ME, 'IGAA-sandbox-bakery')).status).toBe(500);
		expect((await admin('scenario')).body.rules).toEqual([{ scenario: 'transient', account: 'bakery' }]);
		await admin('scenario', 'DELETE');
		expect((await ask(ME, 'IGAA-sandbox-bakery')).status).toBe(200);
		expect((await admin('scenario', 'POST', { scenario: 'doom' })).status).toBe(400);
		expect((await admin('scenario', 'POST', {})).body.error).toContain('There is no scenario');
	});

	test('changes the world: followers, posts, a metric of a medium, a day', async () => {
		await admin('world', 'POST', { account: 'tiny', followers: 101 });
		expect((await ask(ME, 'IGAA-sandbox-tiny')).body.followers_count).toBe(101);
		const { body } = await admin('world', 'POST', {
			account: 'tiny',
			publish: { productType: 'REELS', caption: 'Hello' },
		});
		const id = (body.published as { id: string }).id;
		await admin('world', 'POST', { account: 'tiny', media: { id, metric: 'views', value: 777 } });
		const insights = await ask(`graph.instagram.com/v25.0/${id}/insights?metric=views`, 'IGAA-sandbox-tiny');
		expect(insights.body.data?.[0]?.values).toEqual([{ value: 777 }]);
		await admin('world', 'POST', { account: 'tiny', day: { day: '2026-11-19', metric: 'views', value: 4321 } });
		const day = await ask(
			'graph.instagram.com/v25.0/me/insights?metric=views&period=day&metric_type=total_value',
			'IGAA-sandbox-tiny',
		);
		expect(day.body.data?.[0]?.total_value?.value).toBe(4321);
		await admin('world', 'POST', { account: 'tiny', remove: id });
		expect((await ask(`graph.instagram.com/v25.0/${id}`, 'IGAA-sandbox-tiny')).body.error?.code).toBe(24);
	});

	test('refuses a day whose number is not a count', async () => {
		for (const value of [-1, 2.5, 'many']) {
			const { status, body } = await admin('world', 'POST', { day: { day: '2026-11-19', metric: 'views', value } });
			expect(status).toBe(400);
			expect(body.error).toContain('not a whole number');
		}
	});

	test('emits once, or on a timer until asked to stop', async () => {
		const arrived = Promise.withResolvers<void>();
		const receiver = await startCallback(() => {
			if (receiver.received().length >= 3) arrived.resolve();
			return { status: 200, body: 'thanks' };
		});
		const { body } = await admin('emit', 'POST', { shape: 'comments', url: receiver.url });
		expect(body.deliveries).toMatchObject([{ status: 200, answer: 'thanks' }]);
		await admin('emit', 'POST', { shape: 'comments', url: receiver.url, everyMs: 100 });
		await arrived.promise;
		await admin('emit', 'DELETE');
		await receiver.stop();
		expect(receiver.received().length).toBeGreaterThanOrEqual(3);
	});

	test('says what is wrong with a bad request', async () => {
		expect((await admin('nothing')).status).toBe(400);
		expect((await admin('emit', 'POST', { shape: 'telepathy' })).body.error).toContain('no webhook shape');
		const broken = await fetch(`${sandbox().url}/__sandbox/emit`, { method: 'POST', body: '{"shape":' });
		expect(broken.status).toBe(400);
	});
});
