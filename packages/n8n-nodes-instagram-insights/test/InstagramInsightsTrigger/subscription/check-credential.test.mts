import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CREDENTIAL, RELAY_SECRET } from '../receive/fake-webhook.mts';
import { lifecycle } from './fake-hook.mts';
import { type Scene, startScene } from './registration-scene.mts';

let scene: Scene;

beforeEach(async () => {
	scene = await startScene();
});

afterEach(async () => {
	await scene.stop();
});

describe('publishing without registration', () => {
	test.each<[string, INodeParameters]>([
		['by hand', { registration: 'manual' }],
		['through the relay', { mode: 'relay' }],
	])('asks Meta for nothing %s', async (_, parameters) => {
		const trigger = lifecycle(scene.hook(parameters));
		await trigger.publish();
		await trigger.delete();
		expect(scene.sandbox.requests()).toEqual([]);
	});

	test.each<[string, INodeParameters, IDataObject, string]>([
		[
			'an app secret',
			{ registration: 'manual' },
			{ appSecret: '', instagramAppSecret: '' },
			'Enter the Instagram App Secret in the credential (App Dashboard of Meta > Instagram > API setup)',
		],
		[
			'a verify token',
			{ registration: 'manual' },
			{ verifyToken: ' ' },
			'Enter a Verify Token in the credential: a word that you make up',
		],
		['the App ID', {}, { appId: '' }, 'Registering needs the App ID and the App Secret in the credential'],
		[
			'a relay secret',
			{ mode: 'relay' },
			{ relaySecret: '' },
			'Enter the Relay Secret in the credential (it begins with whsec_; the relay shows it after Add workflow)',
		],
		[
			'a usable relay secret',
			{ mode: 'relay' },
			{ relaySecret: 'hello' },
			'The Relay Secret in the credential is not a signing secret',
		],
	])('is refused while the credential lacks %s', async (_, parameters, lacking, message) => {
		const credentials = { instagramInsightsWebhookApi: { ...CREDENTIAL, ...lacking } as never };
		await expect(lifecycle(scene.hook(parameters, { credentials })).checkExists()).rejects.toThrow(message);
	});

	test('needs nothing but the relay secret with the relay', async () => {
		const credentials = { instagramInsightsWebhookApi: { relaySecret: RELAY_SECRET } };
		expect(await lifecycle(scene.hook({ mode: 'relay' }, { credentials })).checkExists()).toBe(true);
	});

	const ofInstagram = (fields: readonly string[]) =>
		lifecycle(
			scene.hook(
				{ registration: 'manual', fields: [...fields] },
				{ credentials: { instagramInsightsWebhookApi: { ...CREDENTIAL, eventsFrom: 'instagramLogin' } } },
			),
		);

	test.each([
		[['mentions'], /^With Instagram Login, mentions arrive as comments: choose that$/],
		[['story_insights'], /^With Instagram Login, Meta does not send story_insights$/],
		[['mentions', 'story_insights'], /mentions arrive as comments.*does not send story_insights/],
	])('is refused where nothing could ever start the trigger: %j with Instagram Login', async (fields, message) => {
		await expect(ofInstagram(fields).checkExists()).rejects.toThrow(message);
		expect(scene.log).toEqual([]);
	});

	test('names the fields that never come beside others that do', async () => {
		expect(await ofInstagram(['comments', 'mentions']).checkExists()).toBe(true);
		expect(scene.log).toEqual([expect.stringContaining('mentions arrive as comments')]);
	});

	test('expects every field where the login is not known, and from the relay', async () => {
		for (const parameters of [
			{ registration: 'manual', fields: ['mentions'] },
			{ mode: 'relay', fields: ['mentions'] },
		]) {
			const credentials = { instagramInsightsWebhookApi: { ...CREDENTIAL, eventsFrom: 'several' } };
			expect(await lifecycle(scene.hook(parameters, { credentials })).checkExists()).toBe(true);
		}
		expect(scene.log).toEqual([]);
	});
});
