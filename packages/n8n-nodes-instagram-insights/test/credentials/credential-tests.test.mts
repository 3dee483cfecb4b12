import type { Sandbox } from '@instagram-insights/graph-sandbox';
import { APPS, startSandbox } from '@instagram-insights/graph-sandbox';
import type {
	IAuthenticateRuleResponseSuccessBody,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
} from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InstagramInsightsApi } from '../../credentials/InstagramInsightsApi.credentials';
import { InstagramInsightsFacebookApi } from '../../credentials/InstagramInsightsFacebookApi.credentials';
import { InstagramInsightsWebhookApi } from '../../credentials/InstagramInsightsWebhookApi.credentials';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const OK = 'Connection successful!';

/** What n8n's button says: it sends the request and takes the first rule that fits the body. */
async function verdict(
	{ request, rules = [] }: ICredentialTestRequest,
	baseUrl: string,
	{ accessToken, appSecret }: ICredentialDataDecryptedObject,
): Promise<string> {
	const url = new URL(`${baseUrl}${request.url}`);
	for (const [name, value] of Object.entries(request.qs ?? {})) url.searchParams.set(name, resolved(value));
	const signed = await new InstagramInsightsFacebookApi().authenticate(
		{ accessToken: accessToken ?? '', appSecret: appSecret ?? '' },
		{ url: url.href },
	);
	for (const [name, value] of Object.entries(signed.qs ?? {})) url.searchParams.set(name, String(value));
	const response = await fetch(url, { headers: signed.headers as Record<string, string> });
	return judge(rules, await response.json());
}

/** The verdict about an answer; the rules see its body only, and the first that fits counts. */
function judge(rules: ICredentialTestRequest['rules'], body: unknown): string {
	const lines = (rules ?? []) as IAuthenticateRuleResponseSuccessBody[];
	return lines.find(({ properties }) => at(body, properties.key) === properties.value)?.properties.message ?? OK;
}

/** What n8n makes of a value that may be an expression, with n8n's `$now`. */
function resolved(value: unknown): string {
	const expression = /^=\{\{(.*)\}\}$/.exec(String(value))?.[1];
	if (expression === undefined) return String(value);
	const at = (ms: number) => ({
		minus: ({ days }: { days: number }) => at(ms - days * 86_400_000),
		toUnixInteger: () => Math.floor(ms / 1000),
	});
	return String(new Function('$now', `return ${expression}`)(at(Date.now())));
}

/** As lodash reads a path such as `data[0].id`. */
function at(value: unknown, path: string): unknown {
	return path
		.split(/[.[\]]+/)
		.filter((part) => part !== '')
		.reduce<unknown>((inner, part) => (inner as Record<string, unknown> | undefined)?.[part], value);
}

describe('the test of the Instagram Login credential', () => {
	const test_ = (accessToken: string) =>
		verdict(new InstagramInsightsApi().test, sandbox.instagramUrl, { accessToken });

	test('accepts a good token', async () => {
		expect(await test_('IGAA-sandbox-bakery')).toBe(OK);
	});

	test('accepts the token of an account without any numbers', async () => {
		expect(await test_('IGAA-sandbox-brand-new')).toBe(OK);
	});

	test.each([
		['of Facebook Login', 'EAA-sandbox-bakery', /not a token of Instagram Login/],
		['that has expired', 'IGAA-sandbox-bakery-expired', /has expired/],
		[
			'without the insights permission',
			'IGAA-sandbox-bakery-no-insights-permission',
			/instagram_business_manage_insights/,
		],
		['ended by a new password', 'IGAA-sandbox-bakery-password-changed', /password/],
		['of an app that was removed', 'IGAA-sandbox-bakery-app-removed', /removed the app/],
		['that is limited now', 'IGAA-sandbox-bakery-rate-limited', /limiting calls/],
		['whose owner must pass a check', 'IGAA-sandbox-bakery-checkpoint', /security check/],
		['of an app that is blocked', 'IGAA-sandbox-bakery+api-blocked', /App Dashboard/],
		['of an app that was deleted', 'IGAA-sandbox-bakery+app-deleted', /app behind the token was deleted/],
		['of a tester who did not accept', 'IGAA-sandbox-bakery+unsupported-request', /Tester invites/],
		['that is empty', '', /token is empty/],
	])('reports a token %s', async (_, token, message) => {
		expect(await test_(token)).toMatch(message);
	});
});

describe('the test of the Facebook Login credential', () => {
	const test_ = (accessToken: string, appSecret = '') =>
		verdict(new InstagramInsightsFacebookApi().test, sandbox.facebookUrl, { accessToken, appSecret });

	test.each([
		['of a user', 'EAA-sandbox-bakery'],
		['of a system user', 'EAA-sandbox-bakery-system-user'],
		['that reaches several accounts', 'EAA-sandbox-agency'],
	])('accepts a token %s', async (_, token) => {
		expect(await test_(token)).toBe(OK);
	});

	test('accepts a token whose first Page has no Instagram account', () => {
		expect(judge(new InstagramInsightsFacebookApi().test.rules, { data: [{ id: '1' }], paging: {} })).toBe(OK);
	});

	test('names business_management where no account is found', () => {
		const empty = judge(new InstagramInsightsFacebookApi().test.rules, { data: [] });
		expect(empty).toMatch(/pages_show_list.*business_management/);
	});

	test('accepts a token with the proof its app insists on', async () => {
		expect(await test_('EAA-sandbox-bakery-app', 'fb-enforcing-secret-sandbox')).toBe(OK);
	});

	test.each([
		['of Instagram Login', 'IGAA-sandbox-bakery', '', /not a token of Facebook Login/],
		['that has expired', 'EAA-sandbox-bakery-expired', '', /has expired/],
		['without the insights permission', 'EAA-sandbox-bakery-no-insights-permission', '', /instagram_manage_insights/],
		['whose app wants a proof', 'EAA-sandbox-bakery-app', '', /App Secret/],
		['with the secret of another app', 'EAA-sandbox-bakery-app', 'fb-app-secret-sandbox', /App Secret/],
		['that is limited now', 'EAA-sandbox-bakery-rate-limited', '', /limiting calls/],
		['of an app that is deactivated', 'EAA-sandbox-bakery+api-deactivated', '', /App Dashboard/],
		['that lost its role', 'EAA-sandbox-bakery-role-lost', '', /Page access/],
	])('reports a token %s', async (_, token, secret, message) => {
		expect(await test_(token, secret)).toMatch(message);
	});
});

describe('what the tests of both logins have in common', () => {
	test.each([
		['Instagram', new InstagramInsightsApi().test],
		['Facebook', new InstagramInsightsFacebookApi().test],
	])("tells Meta's trouble and unknown refusals from a foreign answer: %s Login", (_, { rules }) => {
		const refusal = (code: number, type: string) => judge(rules, { error: { message: 'x', type, code } });
		expect(refusal(2, 'OAuthException')).toMatch(/temporary problem/);
		expect(refusal(368, 'OAuthException')).toMatch(/blocked the account or the app/);
		expect(refusal(100, 'IGApiException')).toMatch(/Meta refused/);
		expect(judge(rules, { error: { code: 404, status: 'NOT_FOUND' } })).toMatch(/Check the Base URL/);
		expect(judge(rules, { blocked: true })).toMatch(/Check the Base URL/);
	});
});

describe('the test of the webhook credential', () => {
	const credential = new InstagramInsightsWebhookApi();
	const judged = (body: unknown) => judge(credential.test.rules, body);

	async function asked(appId: string, secret: string): Promise<unknown> {
		const signed = await credential.authenticate({ appId, appSecret: secret }, { url: '' });
		const headers = (signed.headers ?? {}) as Record<string, string>;
		return await (await fetch(`${sandbox.facebookUrl}${credential.test.request.url}`, { headers })).json();
	}

	test('accepts the pair of an app', async () => {
		expect(judged(await asked(APPS.facebook.id, APPS.facebook.secret))).toBe(OK);
	});

	test('has nothing to say without an App ID, as with the relay', async () => {
		expect(judged(await asked('', ''))).toBe(OK);
	});

	test('accepts what Graph says to the app as such', () => {
		// https://github.com/node-facebook/facebook-node-sdk/issues/149
		const message = 'An active access token must be used to query information about the current user.';
		expect(judged({ error: { message, type: 'OAuthException', code: 2500, fbtrace_id: 'AbCdEfGhIjK' } })).toBe(OK);
	});

	test('reports a pair that does not belong together, or an invalid App ID', async () => {
		expect(judged(await asked(APPS.facebook.id, 'wrong'))).toMatch(/App ID and App Secret together/);
		expect(judged(await asked('no-app', APPS.facebook.secret))).toMatch(/App ID and App Secret together/);
	});

	test.each<[string, unknown, RegExp]>([
		["a proxy's page", '<html><h1>404 Not Found</h1></html>', /did not come from the Graph API/],
		['an empty answer', '', /did not come from the Graph API/],
		["a gateway's JSON", { message: 'no Route matched with those values' }, /did not come from the Graph API/],
		["a server's JSON", { status: 404, error: 'Not Found' }, /did not come from the Graph API/],
		["a firewall's JSON, without any text", { code: 403, blocked: true, ray: 17 }, /did not come from the Graph API/],
		["another API's error", { error: { code: 404, status: 'NOT_FOUND' } }, /did not come from the Graph API/],
		['an answer without a word', {}, /did not come from the Graph API/],
		[
			'a limit',
			{ error: { code: 4, message: 'Application request limit reached', fbtrace_id: 'A' } },
			/limiting calls/,
		],
		[
			'trouble of Meta',
			{ error: { code: 2, message: 'Service temporarily unavailable', fbtrace_id: 'A' } },
			/temporary problem/,
		],
	])('reports %s', (_, body, message) => {
		expect(judged(body)).toMatch(message);
	});
});
