import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { APPS, EVENT_SHAPES } from '../../src/index.ts';
import { NOON, sandboxForFile } from '../ask.ts';
import { type Callback, startCallback } from '../callback.ts';

const { ask, clock, sandbox } = sandboxForFile();
let receiver: Callback;
beforeEach(async () => {
	receiver = await startCallback();
});
afterEach(async () => {
	await receiver.stop();
});

const hmac = (secret: string, body: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
type Entry = {
	id: string;
	time: number;
	changes?: { field: string; value: Record<string, unknown> }[];
	messaging?: object[];
	standby?: object[];
	field?: string;
};
const entriesOf = (body: string): Entry[] => (JSON.parse(body) as { entry: Entry[] }).entry;

describe('emit', () => {
	test('signs the escaped bytes with the secret of the login the shape belongs to', async () => {
		await sandbox().emit({ shape: 'comments', url: receiver.url });
		await sandbox().emit({ shape: 'story_insights', url: receiver.url });
		const [comments, story] = receiver.received();
		expect(comments?.body).toContain('caf\\u00e9');
		expect(comments?.headers['x-hub-signature-256']).toBe(hmac(APPS.instagram.secret, comments?.body ?? ''));
		expect(story?.headers['x-hub-signature-256']).toBe(hmac(APPS.facebook.secret, story?.body ?? ''));
	});

	test('escapes slashes, so that JSON.stringify makes other bytes', async () => {
		const [result] = await sandbox().emit({ shape: 'messaging_referral', url: receiver.url });
		expect(result?.body).toContain('https:\\/\\/ig.me\\/m\\/shop');
		expect(JSON.stringify(JSON.parse(result?.body ?? ''))).not.toBe(result?.body);
	});

	test('sends every shape, each in its place', async () => {
		const results = await sandbox().emit({ shape: 'all', url: receiver.url });
		expect(results.map((result) => result.shape)).toEqual(Object.keys(EVENT_SHAPES));
		expect(results.every((result) => result.status === 200)).toBe(true);
		const placeOf = (shape: string) => {
			const [entry] = entriesOf(results.find((result) => result.shape === shape)?.body ?? '{"entry":[]}');
			return Object.keys(entry ?? {});
		};
		expect(placeOf('comments')).toEqual(['id', 'time', 'changes']);
		expect(placeOf('comments_flat')).toEqual(['id', 'time', 'field', 'value']);
		expect(placeOf('messages')).toEqual(['id', 'time', 'messaging']);
		expect(placeOf('standby')).toEqual(['id', 'time', 'standby']);
	});

	test('writes seconds for changes and milliseconds for messages', async () => {
		const [changes] = await sandbox().emit({ shape: 'comments', url: receiver.url });
		const [messages] = await sandbox().emit({ shape: 'messages', url: receiver.url });
		expect(entriesOf(changes?.body ?? '')[0]?.time).toBe(NOON.getTime() / 1000);
		expect(entriesOf(messages?.body ?? '')[0]?.time).toBe(NOON.getTime());
	});

	test('puts a batch of up to a thousand events into one request', async () => {
		const [result] = await sandbox().emit({ shape: 'batch', size: 1_000, url: receiver.url });
		const [entry] = entriesOf(result?.body ?? '');
		expect(receiver.received()).toHaveLength(1);
		expect(entry?.changes).toHaveLength(1_000);
		expect(new Set(entry?.changes?.map((change) => change.value.id)).size).toBe(1_000);
	});

	test('sends the numbers of a real story', async () => {
		const [result] = await sandbox().emit({ shape: 'story_insights', url: receiver.url });
		const value = entriesOf(result?.body ?? '')[0]?.changes?.[0]?.value;
		const bakery = sandbox().world.account('bakery');
		const story = bakery.stories().find((one) => one.id === value?.media_id);
		if (story === undefined) throw new Error('no such story');
		expect(value?.reach).toBe(bakery.mediaMetric(story, 'reach'));
	});

	test('sends the same bytes again when asked, however slow the callback is', async () => {
		const slow = await startCallback(() => {
			clock.pass(60_000);
			return { status: 200, body: '' };
		});
		await sandbox().emit({ shape: 'comments', url: slow.url, times: 3 });
		await slow.stop();
		expect(new Set(slow.received().map((one) => one.body)).size).toBe(1);
		expect(slow.received()).toHaveLength(3);
	});

	test('tries again until the callback answers 200, each time with a new entry.time', async () => {
		const slow = await startCallback(() => {
			clock.pass(60_000);
			return { status: slow.received().length < 3 ? 503 : 200, body: '' };
		});
		const results = await sandbox().emit({ shape: 'comments', url: slow.url, tries: 5 });
		await slow.stop();
		expect(results.map(({ status }) => status)).toEqual([503, 503, 200]);
		const [first, second] = slow.received().map(({ body }) => entriesOf(body)[0]);
		expect(second?.changes).toEqual(first?.changes);
		expect([first?.time, second?.time]).toEqual([NOON.getTime() / 1000, NOON.getTime() / 1000 + 60]);
	});

	test('writes -1 for counts of a story below five', async () => {
		const bakery = sandbox().world.account('bakery');
		for (const { id } of bakery.stories()) bakery.setMediaMetric(id, 'replies', 4);
		const replies = async () =>
			entriesOf((await sandbox().emit({ shape: 'story_insights', url: receiver.url }))[0]?.body ?? '')[0]?.changes?.[0]
				?.value.replies;
		expect(await replies()).toBe(-1);
		for (const { id } of bakery.stories()) bakery.setMediaMetric(id, 'replies', 5);
		expect(await replies()).toBe(5);
	});

	test('forges, leaves out or ages the signature on request', async () => {
		const headers = async (signature: 'forged' | 'missing' | 'sha1') =>
			(await sandbox().emit({ url: receiver.url, signature }))[0];
		const forged = await headers('forged');
		expect(forged?.headers['x-hub-signature-256']).not.toBe(hmac(APPS.instagram.secret, forged?.body ?? ''));
		expect((await headers('missing'))?.headers).not.toHaveProperty('x-hub-signature-256');
		expect((await headers('sha1'))?.headers['x-hub-signature']).toMatch(/^sha1=[0-9a-f]{40}$/);
	});

	test('reaches a subscribed callback only when app, field and account are all subscribed', async () => {
		const appToken = `${APPS.instagram.id}|${APPS.instagram.secret}`;
		const form = { object: 'instagram', callback_url: receiver.url, fields: 'comments', verify_token: 't' };
		await ask('graph.facebook.com/v25.0/1001/subscriptions', appToken, { form });
		const posts = () => receiver.received().filter((one) => one.method === 'POST').length;
		expect(await sandbox().emit({ shape: 'comments' })).toEqual([]);
		await ask('graph.instagram.com/v25.0/me/subscribed_apps?subscribed_fields=comments', 'IGAA-sandbox-bakery', {
			method: 'POST',
		});
		expect(await sandbox().emit({ shape: 'messages' })).toEqual([]);
		expect(await sandbox().emit({ shape: 'comments', account: 'tiny' })).toEqual([]);
		expect(posts()).toBe(0);
		expect(await sandbox().emit({ shape: 'comments' })).toHaveLength(1);
		expect(posts()).toBe(1);
	});

	test('sends an app of Instagram Login neither story insights nor mentions, although it can subscribe to them', async () => {
		const fields = 'comments,story_insights,mentions';
		for (const [{ id, secret }, path, token] of [
			[APPS.instagram, 'graph.instagram.com/v25.0/me', 'IGAA-sandbox-bakery'],
			[APPS.facebook, 'graph.facebook.com/v25.0/me', 'EAA-sandbox-bakery-page'],
		] as const) {
			const form = { object: 'instagram', callback_url: receiver.url, fields, verify_token: 't' };
			await ask(`graph.facebook.com/v25.0/${id}/subscriptions`, `${id}|${secret}`, { form });
			const subscribed = path.includes('facebook') ? 'feed' : fields;
			await ask(`${path}/subscribed_apps`, token, { form: { subscribed_fields: subscribed } });
		}
		const secretsOf = async (shape: string) =>
			(await sandbox().emit({ shape })).map(({ body, headers }) =>
				Object.values(APPS).find(({ secret }) => hmac(secret, body) === headers['x-hub-signature-256']),
			);
		expect(await secretsOf('comments')).toEqual([APPS.instagram, APPS.facebook]);
		expect(await secretsOf('story_insights')).toEqual([APPS.facebook]);
		expect(await secretsOf('mentions')).toEqual([APPS.facebook]);
	});

	test('unsubscribes an account whose messages have failed for an hour', async () => {
		const broken = await startCallback((request) => ({
			status: request.method === 'GET' ? 200 : 500,
			body: request.url.searchParams.get('hub.challenge') ?? '',
		}));
		const { id, secret } = APPS.instagram;
		const form = { object: 'instagram', callback_url: broken.url, fields: 'comments,messages', verify_token: 't' };
		await ask(`graph.facebook.com/v25.0/${id}/subscriptions`, `${id}|${secret}`, { form });
		const subscribedApps = 'graph.instagram.com/v25.0/me/subscribed_apps';
		await ask(subscribedApps, 'IGAA-sandbox-bakery', { form: { subscribed_fields: 'messages' } });
		const subscriptions = async () => (await ask(subscribedApps, 'IGAA-sandbox-bakery')).body.data?.length;
		const messagesFail = async () =>
			expect(await sandbox().emit({ shape: 'messages', app: 'instagram' })).toMatchObject([{ status: 500 }]);
		await messagesFail();
		clock.pass(3_599_000);
		await messagesFail();
		expect(await subscriptions()).toBe(1);
		clock.pass(1_000);
		await messagesFail();
		await broken.stop();
		expect(await subscriptions()).toBe(0);
		expect(await sandbox().emit({ shape: 'messages', app: 'instagram' })).toEqual([]);
	});

	test('puts the events of several accounts into one request, an entry for each', async () => {
		const [result, ...others] = await sandbox().emit({
			shape: 'batch',
			size: 2,
			account: 'bakery,tiny',
			url: receiver.url,
		});
		expect(others).toEqual([]);
		const ids = entriesOf(result?.body ?? '').map(({ id, changes }) => [id, changes?.length]);
		expect(ids).toEqual([
			['17841401714833111', 2],
			['17841401714833131', 2],
		]);
	});

	test('leaves accounts that are not subscribed out of the request', async () => {
		const { id, secret } = APPS.instagram;
		const form = { object: 'instagram', callback_url: receiver.url, fields: 'comments', verify_token: 't' };
		await ask(`graph.facebook.com/v25.0/${id}/subscriptions`, `${id}|${secret}`, { form });
		await ask('graph.instagram.com/v25.0/me/subscribed_apps', 'IGAA-sandbox-tiny', {
			form: { subscribed_fields: 'comments' },
		});
		const [result, ...others] = await sandbox().emit({ account: 'brand-new,tiny', app: 'instagram' });
		expect(others).toEqual([]);
		expect(entriesOf(result?.body ?? '').map(({ id }) => id)).toEqual(['17841401714833131']);
	});

	test('reports a receiver that is not there', async () => {
		const [result] = await sandbox().emit({ url: 'http://127.0.0.1:9/' });
		expect(result?.status).toBe(0);
		expect(result?.answer).not.toBe('');
	});

	test('names the shapes it knows when asked for another', async () => {
		await expect(sandbox().emit({ shape: 'telepathy', url: receiver.url })).rejects.toThrow(
			/known: all, batch, story_insights/,
		);
	});
});

describe('emitEvery', () => {
	test('goes on until it is stopped', async () => {
		const arrived = Promise.withResolvers<void>();
		const counting = await startCallback(() => {
			if (counting.received().length >= 2) arrived.resolve();
			return { status: 200, body: '' };
		});
		const stop = sandbox().emitEvery(5, { url: counting.url });
		await arrived.promise;
		stop();
		await counting.stop();
		expect(counting.received().length).toBeGreaterThanOrEqual(2);
	});
});
