import { afterEach, describe, expect, test } from 'vitest';
import { APPS } from '../../src/index.ts';
import { sandboxForFile } from '../ask.ts';
import { type Callback, startCallback } from '../callback.ts';

const { ask } = sandboxForFile();
const APP = 'graph.facebook.com/v25.0/2002/subscriptions';
const APP_TOKEN = `${APPS.facebook.id}|${APPS.facebook.secret}`;
const open: Callback[] = [];
afterEach(async () => {
	await Promise.all(open.splice(0).map((callback) => callback.stop()));
});

async function callback(answer?: Parameters<typeof startCallback>[0]): Promise<Callback> {
	const started = await startCallback(answer);
	open.push(started);
	return started;
}

const subscribe = (url: string, fields = 'comments,story_insights', token = APP_TOKEN) =>
	ask(APP, token, {
		form: { object: 'instagram', callback_url: url, fields, verify_token: 'shared', include_values: 'true' },
	});

describe('appSubscriptions', () => {
	test('asks the callback to repeat a number before it keeps it', async () => {
		const receiver = await callback();
		expect((await subscribe(receiver.url)).body).toEqual({ success: true });
		const [handshake] = receiver.received();
		expect(handshake?.method).toBe('GET');
		expect(Object.fromEntries(handshake?.url.searchParams ?? [])).toEqual({
			keep: '1',
			'hub.mode': 'subscribe',
			'hub.verify_token': 'shared',
			'hub.challenge': expect.stringMatching(/^\d+$/),
		});
		const { body } = await ask(APP, APP_TOKEN);
		expect(body.data).toEqual([
			{
				object: 'instagram',
				callback_url: receiver.url,
				active: true,
				fields: [
					{ name: 'comments', version: 'v25.0' },
					{ name: 'story_insights', version: 'v25.0' },
				],
			},
		]);
	});

	test('keeps one callback for an object: the second replaces the first', async () => {
		const first = await callback();
		const second = await callback();
		await subscribe(first.url);
		await subscribe(second.url);
		const { body } = await ask(APP, APP_TOKEN);
		expect(body.data?.map((one) => one.callback_url)).toEqual([second.url]);
	});

	test('keeps the old one when the new one fails the handshake', async () => {
		const good = await callback();
		await subscribe(good.url);
		for (const answer of [
			{ status: 403, body: 'no' },
			{ status: 200, body: 'something else' },
		]) {
			const bad = await callback(() => answer);
			const reply = await subscribe(bad.url);
			expect(reply.body.error?.code).toBe(2200);
			expect(reply.body.error?.message).toMatch(/^\(#2200\) Callback verification failed with the following errors: /);
		}
		expect((await ask(APP, APP_TOKEN)).body.data?.map((one) => one.callback_url)).toEqual([good.url]);
	});

	test('refuses a callback that nobody answers, an unknown field and a token that is not the app’s', async () => {
		expect((await subscribe('http://127.0.0.1:9/')).body.error?.code).toBe(2200);
		const receiver = await callback();
		expect((await subscribe(receiver.url, 'comments,nonsense')).body.error?.message).toContain(
			'Param fields[1] must be one of',
		);
		expect((await subscribe(receiver.url, 'comments', 'EAA-sandbox-bakery')).body.error?.code).toBe(15);
	});

	test('removes the subscription on DELETE', async () => {
		await subscribe((await callback()).url);
		await ask(`${APP}?object=instagram`, APP_TOKEN, { method: 'DELETE' });
		expect((await ask(APP, APP_TOKEN)).body.data).toEqual([]);
	});
});
