import { APPS } from '@instagram-insights/graph-sandbox';
import type { INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lifecycle } from './fake-hook.mts';
import { APP_ONLY, type Credentials, FACEBOOK, INSTAGRAM_APP, type Scene, startScene } from './registration-scene.mts';

let scene: Scene;

beforeEach(async () => {
	scene = await startScene();
});

afterEach(async () => {
	await scene.stop();
});

describe('registering with wrong settings', () => {
	const WEBHOOK = 'instagramInsightsWebhookApi';
	const PAIR = /^Meta does not accept this App ID and App Secret together$/;
	const everyAccount = { __rl: true, mode: 'list', value: 'all' };

	// biome-ignore format: a table reads by columns
	test.each<[string, INodeParameters, Credentials, RegExp]>([
		['the secret of another app', APP_ONLY, { [WEBHOOK]: { appSecret: 'nope' } }, PAIR],
		['an app that does not exist', APP_ONLY, { [WEBHOOK]: { appId: '99' } }, PAIR],
		['the token of the other login', {}, { instagramInsightsApi: { accessToken: 'EAA-sandbox-bakery' } }, /comes from Facebook Login, not from Instagram Login/],
		['a placeholder for a token', {}, { instagramInsightsApi: { accessToken: '__n8n_BLANK_VALUE_e5' } }, /placeholder of n8n/],
		['a token in quotes', {}, { instagramInsightsApi: { accessToken: '"IGAA-sandbox-bakery"' } }, /spaces or quotes/],
		['no token', FACEBOOK, { instagramInsightsFacebookApi: { accessToken: ' ' } }, /access token is empty/],
		['all accounts', { ...FACEBOOK, account: everyAccount }, { instagramInsightsFacebookApi: { accessToken: 'EAA-sandbox-agency' } }, /Account: A trigger watches one account/],
		['an unknown version', { ...APP_ONLY, options: { graphVersion: '25' } }, {}, /Graph API Version: "25"/],
		['an unknown login', { authentication: 'facebook' }, {}, /"facebook" is not a choice of Account to Subscribe/],
	])('says what is wrong and leaves nothing behind: %s', async (_, parameters, changed, message) => {
		const own = parameters.authentication === undefined ? { [WEBHOOK]: INSTAGRAM_APP, ...changed } : changed;
		await expect(lifecycle(scene.hook(parameters, { credentials: scene.credentials(own) })).publish()).rejects.toThrow(message);
		expect([...(await scene.callbacks()), ...(await scene.callbacks(APPS.instagram))]).toEqual([]);
		expect(scene.staticData).toEqual({});
	});
});

describe('publishing with automatic registration', () => {
	test('registers the production URL after a real handshake', async () => {
		await lifecycle(scene.hook(APP_ONLY)).publish();
		expect(scene.server.asked).toEqual(['GET /webhook/abc/webhook']);
		expect(await scene.callbacks()).toEqual([
			expect.objectContaining({
				object: 'instagram',
				callback_url: `${scene.server.origin}/webhook/abc/webhook`,
				fields: [{ name: 'comments', version: 'v25.0' }],
			}),
		]);
	});

	test('lets events of a Facebook Login account reach the workflow', async () => {
		await lifecycle(scene.hook(FACEBOOK)).publish();
		await scene.sandbox.emit({ shape: 'story_insights', account: 'bakery' });
		await scene.sandbox.emit({ shape: 'comments', account: 'bakery', app: 'facebook', times: 3 });
		expect(scene.server.received.map(({ field }) => field)).toEqual(['story_insights', 'comments']);
	});

	test('lets events of an Instagram Login account reach the workflow', async () => {
		const credentials = scene.credentials({ instagramInsightsWebhookApi: INSTAGRAM_APP });
		await lifecycle(scene.hook({ fields: ['comments', 'messages'] }, { credentials })).publish();
		expect(await scene.accountFields()).toEqual(['comments', 'messages']);
		await scene.sandbox.emit({ shape: 'comments', account: 'bakery', app: 'instagram' });
		expect(scene.server.received.map(({ field }) => field)).toEqual(['comments']);
	});

	test('asks for every field that Meta knows when all fields are wanted', async () => {
		await lifecycle(scene.hook({ authentication: 'facebookLogin' })).publish();
		expect((await scene.registeredFields()).toSorted()).toEqual([
			'comments',
			'live_comments',
			'mentions',
			'story_insights',
		]);
	});

	test('leaves out what Meta refuses, says so, and subscribes to the rest', async () => {
		const parameters = { ...APP_ONLY, fields: ['nonsense', 'comments', 'messages', 'rubbish'] };
		await lifecycle(scene.hook(parameters)).publish();
		expect(await scene.registeredFields()).toEqual(['comments', 'messages']);
		expect(scene.log).toEqual([expect.stringMatching(/gets nothing for nonsense, rubbish/)]);
		scene.sandbox.resetRequests();
		expect(await lifecycle(scene.hook(parameters)).checkExists()).toBe(true);
	});

	test('fails when Meta refuses every field, and names them', async () => {
		await expect(lifecycle(scene.hook({ ...APP_ONLY, fields: ['nonsense'] })).publish()).rejects.toThrow(/nonsense/);
		expect(await scene.callbacks()).toEqual([]);
	});

	test.each([
		{ fields: ['comments', 'messageEvents'], options: { includeSent: true } },
		{ fields: ['comments', 'message_echoes'] },
	])(
		'gets sent messages with Instagram Login by subscribing to messages, as Meta refuses the name message_echoes: %j',
		async (parameters) => {
			const credentials = scene.credentials({ instagramInsightsWebhookApi: INSTAGRAM_APP });
			await lifecycle(scene.hook(parameters, { credentials })).publish();
			expect(await scene.accountFields()).toEqual(expect.arrayContaining(['comments', 'messages']));
			expect(scene.log).toEqual([]);
			for (const shape of ['messages_echo', 'messages_echo_in_changes', 'messages']) {
				await scene.sandbox.emit({ shape, account: 'bakery', app: 'instagram' });
			}
			expect(scene.server.received.map(({ field }) => field)).toEqual(['message_echoes', 'message_echoes', 'messages']);
		},
	);

	test('says that a field never comes with the login of the account', async () => {
		const credentials = scene.credentials({ instagramInsightsWebhookApi: INSTAGRAM_APP });
		await lifecycle(scene.hook({ fields: ['comments', 'story_insights'] }, { credentials })).publish();
		expect(await scene.accountFields()).toEqual(['comments']);
		expect(scene.log).toEqual([expect.stringContaining('story_insights')]);
	});

	test('adds a missing field to its own registration', async () => {
		await lifecycle(scene.hook(APP_ONLY)).publish();
		await lifecycle(scene.hook({ ...APP_ONLY, fields: ['mentions'] })).publish();
		expect(await scene.registeredFields()).toEqual(['comments', 'mentions']);
	});

	test('changes nothing when it finds itself registered, as at a start of n8n', async () => {
		await lifecycle(scene.hook({ ...FACEBOOK })).publish();
		scene.sandbox.resetRequests();
		expect(await lifecycle(scene.hook({ ...FACEBOOK })).checkExists()).toBe(true);
		expect(scene.sandbox.requests().map(({ method }) => method)).not.toContain('POST');
	});

	test.each(['transient', 'rate-limit'])(
		'holds on to its registration when n8n starts while Meta has %s trouble',
		async (scenario) => {
			await lifecycle(scene.hook(APP_ONLY)).publish();
			scene.sandbox.setScenario({ scenario });
			expect(await lifecycle(scene.hook(APP_ONLY)).checkExists()).toBe(true);
			expect(scene.log.join()).toContain('goes on as if it were');
		},
	);

	test('does not count as registered during a problem at Meta if it never registered', async () => {
		scene.sandbox.setScenario({ scenario: 'transient' });
		await expect(lifecycle(scene.hook(APP_ONLY)).checkExists()).rejects.toMatchObject({ name: 'NodeApiError' });
	});

	test('finds itself registered too when all fields were wanted and Meta did not know all', async () => {
		await lifecycle(scene.hook({ authentication: 'none' })).publish();
		expect(await lifecycle(scene.hook({ authentication: 'none' })).checkExists()).toBe(true);
	});

	test('explains a callback URL that Meta cannot verify', async () => {
		const broken = lifecycle(scene.hook(APP_ONLY, { webhookUrl: 'http://127.0.0.1:9/webhook/abc/webhook' }));
		await expect(broken.publish()).rejects.toMatchObject({
			message: 'Meta could not verify the callback URL http://127.0.0.1:9/webhook/abc/webhook',
			description: expect.stringContaining('N8N_WEBHOOK_URL'),
		});
	});

	test('leaves nothing behind when the account cannot be subscribed', async () => {
		const credentials = scene.credentials({
			instagramInsightsFacebookApi: { accessToken: 'EAA-sandbox-bakery-expired' },
		});
		await expect(lifecycle(scene.hook(FACEBOOK, { credentials })).publish()).rejects.toMatchObject({
			name: 'NodeApiError',
		});
		expect(await scene.callbacks()).toEqual([]);
		expect(scene.staticData).toEqual({});
	});

	test('asks which account when the token reaches several, and takes the chosen one', async () => {
		const credentials = scene.credentials({ instagramInsightsFacebookApi: { accessToken: 'EAA-sandbox-agency' } });
		await expect(lifecycle(scene.hook(FACEBOOK, { credentials })).publish()).rejects.toThrow(
			'The token reaches 4 accounts',
		);
		const bakery = Object.values(scene.sandbox.world.accounts).find(({ key }) => key === 'bakery');
		const account = { __rl: true, mode: 'id', value: bakery?.id ?? '' };
		await lifecycle(scene.hook({ ...FACEBOOK, account }, { credentials })).publish();
		await scene.sandbox.emit({ shape: 'story_insights', account: 'bakery' });
		expect(scene.server.received).toHaveLength(1);
	});

	test('takes the token of a Page as it is', async () => {
		const credentials = scene.credentials({ instagramInsightsFacebookApi: { accessToken: 'EAA-sandbox-bakery-page' } });
		await lifecycle(scene.hook(FACEBOOK, { credentials })).publish();
		await scene.sandbox.emit({ shape: 'story_insights', account: 'bakery' });
		expect(scene.server.received).toHaveLength(1);
	});

	test('shows no secret in an error', async () => {
		const credentials = scene.credentials({ instagramInsightsWebhookApi: { appSecret: 'wrong-secret-of-the-app' } });
		const error = await lifecycle(scene.hook(APP_ONLY, { credentials }))
			.publish()
			.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ name: 'NodeApiError' });
		expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('wrong-secret-of-the-app');
	});
});
