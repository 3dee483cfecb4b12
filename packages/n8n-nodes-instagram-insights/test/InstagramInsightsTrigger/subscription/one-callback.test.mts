import { APPS } from '@instagram-insights/graph-sandbox';
import type { INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeHook, lifecycle } from './fake-hook.mts';
import { APP_ONLY, INSTAGRAM_APP, type Scene, startScene } from './registration-scene.mts';

let scene: Scene;

beforeEach(async () => {
	scene = await startScene();
});

afterEach(async () => {
	await scene.stop();
});

/** The editor waits for an event; n8n starts it without the memory of the published workflow. */
const listening = (parameters: INodeParameters, more: Partial<FakeHook> = {}) =>
	lifecycle(
		scene.hook(parameters, {
			webhookUrl: `${scene.server.origin}/webhook-test/abc/webhook`,
			listening: true,
			staticData: {},
			...more,
		}),
	);

const REPLACING: INodeParameters = { ...APP_ONLY, options: { replaceCallback: true } };

describe('the one callback URL of an app', () => {
	test('is not taken away from another address', async () => {
		const other = await scene.registerElsewhere();
		await expect(lifecycle(scene.hook(APP_ONLY)).publish()).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringContaining(`the Instagram events of this app to ${other.origin}/webhook/other/webhook`),
			description: expect.stringContaining('Via Relay'),
		});
		expect((await scene.callbacks())[0]?.callback_url).toBe(`${other.origin}/webhook/other/webhook`);
	});

	test('is taken over when the user says so', async () => {
		await scene.registerElsewhere();
		await lifecycle(scene.hook(REPLACING)).publish();
		expect((await scene.callbacks())[0]?.callback_url).toBe(`${scene.server.origin}/webhook/abc/webhook`);
	});

	test('is not taken away from the production URL by a test', async () => {
		await lifecycle(scene.hook(APP_ONLY)).publish();
		await expect(listening(APP_ONLY).publish()).rejects.toThrow(
			'The production URL of this trigger is registered with Meta',
		);
		expect((await scene.callbacks())[0]?.callback_url).toBe(`${scene.server.origin}/webhook/abc/webhook`);
	});

	test('is not taken away from the own production URL though the user lets it be replaced', async () => {
		await lifecycle(scene.hook(REPLACING)).publish();
		await expect(listening(REPLACING).publish()).rejects.toThrow(
			'The production URL of this trigger is registered with Meta',
		);
		expect((await scene.callbacks())[0]?.callback_url).toBe(`${scene.server.origin}/webhook/abc/webhook`);
	});

	test('is left alone by the end of a test that shares the memory of the published workflow', async () => {
		await lifecycle(scene.hook(APP_ONLY)).publish();
		const { staticData } = scene;
		const listener = listening(REPLACING, { staticData });
		await expect(listener.publish()).rejects.toThrow('The production URL of this trigger');
		expect(await listener.delete()).toBe(true);
		expect((await scene.callbacks())[0]?.callback_url).toBe(`${scene.server.origin}/webhook/abc/webhook`);
		expect(scene.staticData).toHaveProperty('registration');
	});

	test.each([
		['shares no memory with it', {}],
		['shares the memory of the published workflow', undefined],
	])('is left to a production endpoint of another name by a test that %s', async (_, own) => {
		const webhookUrl = `${scene.server.origin}/hooks/abc/webhook`;
		const staticData = own ?? scene.staticData;
		await lifecycle(scene.hook(REPLACING, { webhookUrl })).publish();
		const listener = listening(REPLACING, { webhookUrl: `${scene.server.origin}/hooks-test/abc/webhook`, staticData });
		await expect(listener.publish()).rejects.toThrow('The production URL of this trigger is registered with Meta');
		expect(await listener.delete()).toBe(true);
		expect((await scene.callbacks())[0]?.callback_url).toBe(webhookUrl);
	});

	test('is taken over by a test from another workflow, and given up at its end', async () => {
		await scene.registerElsewhere();
		const listener = listening(REPLACING);
		await listener.publish();
		expect((await scene.callbacks())[0]?.callback_url).toBe(`${scene.server.origin}/webhook-test/abc/webhook`);
		await listener.delete();
		expect(await scene.callbacks()).toEqual([]);
	});

	test('goes from a left-over test URL to the production URL', async () => {
		await listening(APP_ONLY).publish();
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

	test('leaves everything to the receiver that has taken the callback URL over', async () => {
		const trigger = lifecycle(scene.hook(APP_ONLY));
		await trigger.publish();
		const other = await scene.registerElsewhere(REPLACING);
		expect(await trigger.delete()).toBe(true);
		expect((await scene.callbacks())[0]?.callback_url).toBe(`${other.origin}/webhook/other/webhook`);
	});

	test('reports that Meta refused, and finishes the next time', async () => {
		await lifecycle(scene.hook(APP_ONLY)).publish();
		const credentials = scene.credentials({ instagramInsightsWebhookApi: { appSecret: 'changed-meanwhile' } });
		const error = await lifecycle(scene.hook(APP_ONLY, { credentials }))
			.delete()
			.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ name: 'NodeApiError' });
		expect(JSON.stringify(error)).not.toContain('changed-meanwhile');
		expect(await lifecycle(scene.hook(APP_ONLY)).delete()).toBe(true);
		expect(await scene.callbacks()).toEqual([]);
	});
});
