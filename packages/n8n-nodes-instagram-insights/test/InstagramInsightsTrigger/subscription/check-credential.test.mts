import { WEBHOOK_FIELDS } from '@instagram-insights/core/internal';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CREDENTIAL, RELAY_SECRET } from '../receive/fake-webhook.mts';
import { lifecycle } from './fake-hook.mts';
import { type Scene, startScene } from './registration-scene.mts';

const PLACEHOLDER = '__n8n_BLANK_VALUE_e5362baf-c777-4d57-a609-6eaf1f9e87f6';
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
		[
			'the app secret itself',
			{ registration: 'manual' },
			{ instagramAppSecret: PLACEHOLDER },
			'The credential contains a placeholder of n8n instead of the Instagram App Secret',
		],
		[
			'a verify token of its own',
			{ registration: 'manual' },
			{ verifyToken: PLACEHOLDER },
			'The credential contains a placeholder of n8n instead of the Verify Token',
		],
		[
			'the relay secret itself',
			{ mode: 'relay' },
			{ relaySecret: PLACEHOLDER },
			'The credential contains a placeholder of n8n instead of the Relay Secret',
		],
		[
			'a secret without quotes',
			{ registration: 'manual' },
			{ appSecret: '"0123456789abcdef"' },
			'The App Secret in the credential is in quotes',
		],
		['an ID', {}, { appId: 'my app' }, 'The App ID in the credential is not an ID, which has digits only'],
	])('is refused while the credential lacks %s', async (_, parameters, lacking, message) => {
		const credentials = { instagramInsightsWebhookApi: { ...CREDENTIAL, ...lacking } as never };
		await expect(lifecycle(scene.hook(parameters, { credentials })).checkExists()).rejects.toThrow(message);
	});

	test('is refused where Account IDs name what no event belongs to', async () => {
		const parameters = { mode: 'relay', options: { accountIds: '17841405309211844, casa.canela' } };
		await expect(lifecycle(scene.hook(parameters)).checkExists()).rejects.toThrow(
			'Account IDs: "casa.canela" is not an account ID',
		);
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

	const WITHOUT_REGISTRATION = [{ registration: 'manual' }, { mode: 'relay' }];

	test.each([
		...WITHOUT_REGISTRATION.map((base) => ({ ...base, fields: ['coments'], meant: 'comments' })),
		...WITHOUT_REGISTRATION.map((base) => ({ ...base, fields: ['mentions', 'Live Comments'], meant: 'live_comments' })),
		{ registration: 'automatic', fields: ['story_insight'], meant: 'story_insights' },
		{ mode: 'relay', fields: ['messageEvent'], meant: 'messageEvents' },
		{ mode: 'relay', fields: ['otherFields'], otherFields: ['message_reaction'], meant: 'message_reactions' },
	])('is refused where a field has a typo and would never start the trigger: %j', async ({ meant, ...parameters }) => {
		await expect(lifecycle(scene.hook(parameters)).checkExists()).rejects.toThrow(`Did you mean "${meant}"?`);
	});

	test.each(WITHOUT_REGISTRATION)('takes a field that Meta may have added, and says so once: %j', async (base) => {
		// Messenger has messaging_optouts; the Instagram field messaging_optins differs by three letters.
		const fields = ['comments', 'broadcast_polls_v2', 'messaging_optouts'];
		expect(await lifecycle(scene.hook({ ...base, fields })).checkExists()).toBe(true);
		expect(scene.log).toEqual([expect.stringContaining('waits for broadcast_polls_v2, messaging_optouts, which')]);
	});

	test.each([...Object.keys(WEBHOOK_FIELDS), '*', 'messageEvents', 'otherFields'])(
		'knows the field and the choice %s',
		async (field) => {
			expect(await lifecycle(scene.hook({ mode: 'relay', fields: [field] })).checkExists()).toBe(true);
			expect(scene.log).toEqual([]);
		},
	);

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
