import { APPS } from '@instagram-insights/graph-sandbox';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lifecycle } from './fake-hook.mts';
import { APP_ONLY, INSTAGRAM_APP, type Scene, startScene } from './registration-scene.mts';

let scene: Scene;

beforeEach(async () => {
	scene = await startScene();
});

afterEach(async () => {
	await scene.stop();
});

describe('the one callback URL of an app', () => {
	test('is not taken away from another address', async () => {
		const other = await scene.registerElsewhere();
		await expect(lifecycle(scene.hook(APP_ONLY)).publish()).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: 'Meta already sends the Instagram events of this app somewhere else',
			description: expect.stringContaining(`${other.origin}/webhook/other/webhook`),
		});
		expect((await scene.callbacks())[0]?.callback_url).toBe(`${other.origin}/webhook/other/webhook`);
	});

	test('is taken over when the user says so', async () => {
		await scene.registerElsewhere();
		await lifecycle(scene.hook({ ...APP_ONLY, options: { replaceCallback: true } })).publish();
		expect((await scene.callbacks())[0]?.callback_url).toBe(`${scene.server.origin}/webhook/abc/webhook`);
	});

	test('is not taken away from the production URL by a test', async () => {
		await lifecycle(scene.hook(APP_ONLY)).publish();
		const listening = lifecycle(
			scene.hook(APP_ONLY, { webhookUrl: `${scene.server.origin}/webhook-test/abc/webhook`, staticData: {} }),
		);
		await expect(listening.publish()).rejects.toThrow('The production URL of this trigger is registered with Meta');
		expect((await scene.callbacks())[0]?.callback_url).toBe(`${scene.server.origin}/webhook/abc/webhook`);
	});

	test('goes from a left-over test URL to the production URL', async () => {
		await lifecycle(
			scene.hook(APP_ONLY, { webhookUrl: `${scene.server.origin}/webhook-test/abc/webhook`, staticData: {} }),
		).publish();
		await lifecycle(scene.hook(APP_ONLY)).publish();
		expect((await scene.callbacks())[0]?.callback_url).toBe(`${scene.server.origin}/webhook/abc/webhook`);
	});
});

describe('unpublishing', () => {
	test('removes the callback URL and the subscription of the account', async () => {
		const credentials = scene.credentials({ instagramInsightsWebhookApi: INSTAGRAM_APP });
		const trigger = lifecycle(scene.hook({ fields: ['comments'] }, { credentials }));
		await trigger.publish();
		await trigger.delete();
		expect([await scene.callbacks(APPS.instagram), await scene.accountFields()]).toEqual([[], null]);
		expect(scene.staticData).toEqual({});
	});

	test('keeps a subscription of the account that was there before', async () => {
		const credentials = scene.credentials({ instagramInsightsWebhookApi: INSTAGRAM_APP });
		await fetch(`${scene.sandbox.instagramUrl}/v25.0/me/subscribed_apps?subscribed_fields=messages`, {
			method: 'POST',
			headers: { authorization: 'Bearer IGAA-sandbox-bakery' },
		});
		const trigger = lifecycle(scene.hook({ fields: ['comments'] }, { credentials }));
		await trigger.publish();
		await trigger.delete();
		expect(await scene.accountFields()).toEqual(['messages', 'comments']);
	});

	test('leaves a callback URL alone that it did not register', async () => {
		await lifecycle(scene.hook(APP_ONLY)).publish();
		await lifecycle(scene.hook(APP_ONLY, { staticData: {} })).delete();
		expect(await scene.callbacks()).toHaveLength(1);
	});

	test('leaves everything to whoever has taken the callback URL over', async () => {
		const trigger = lifecycle(scene.hook(APP_ONLY));
		await trigger.publish();
		const other = await scene.registerElsewhere({ ...APP_ONLY, options: { replaceCallback: true } });
		expect(await trigger.delete()).toBe(true);
		expect((await scene.callbacks())[0]?.callback_url).toBe(`${other.origin}/webhook/other/webhook`);
	});

	test('goes through when Meta refuses, says so in the log, and is made up for later', async () => {
		await lifecycle(scene.hook(APP_ONLY)).publish();
		const credentials = scene.credentials({ instagramInsightsWebhookApi: { appSecret: 'changed-meanwhile' } });
		expect(await lifecycle(scene.hook(APP_ONLY, { credentials })).delete()).toBe(false);
		expect(scene.log.join()).toContain('is still registered with Meta');
		expect(scene.log.join()).not.toContain('changed-meanwhile');
		expect(await lifecycle(scene.hook(APP_ONLY)).delete()).toBe(true);
		expect(await scene.callbacks()).toEqual([]);
	});
});
