import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { APPS, type LoggedRequest } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { freePort } from '../../src/n8n/free-port.ts';
import { createN8nApi, type Execution, type N8nApi } from '../../src/n8n/n8n-api.ts';
import { type N8nProcess, startN8n } from '../../src/n8n/start-n8n.ts';
import {
	type Bench,
	behindManualTrigger,
	errorText,
	INSIGHTS_NODE,
	NODE_NAME,
	openBench,
	START_NAME,
} from './bench.ts';

let bench: Bench;
let folder: string;
let server: N8nProcess;
let n8n: N8nApi;

/**
 * An n8n of this file's own: it gets the addresses of the sandbox for the credentials' hidden fields, which nobody can change in
 * the form. The test opens the login page, as a browser would. n8n itself only exchanges the code.
 */
beforeAll(async () => {
	bench = await openBench();
	folder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-sign-in-'));
	cpSync(path.join(inject('n8nUserFolder'), '.n8n/nodes'), path.join(folder, '.n8n/nodes'), { recursive: true });
	const hidden = {
		instagramInsightsOAuth2Api: { accessTokenUrl: atSandbox('https://api.instagram.com/oauth/access_token') },
		instagramInsightsFacebookOAuth2Api: {
			accessTokenUrl: atSandbox('https://graph.facebook.com/oauth/access_token'),
		},
	};
	const env = { CREDENTIALS_OVERWRITE_DATA: JSON.stringify(hidden) };
	server = await startN8n({ program: inject('n8nProgram'), userFolder: folder, port: await freePort(), env });
	n8n = createN8nApi(server.url);
	await n8n.logIn();
});
afterAll(async () => {
	await server?.stop();
	await bench?.close();
	rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => bench.sandbox.resetRequests());

/** The sandbox stands in for all of Meta's hosts, by name. */
const atSandbox = (url: string) => url.replace('https://', `${bench.sandbox.url}/`);

/** Each sign-in: its login page, the permissions it asks for by default, and others it may ask for. */
const SIGN_INS = {
	instagramOAuth2: {
		type: 'instagramInsightsOAuth2Api',
		loginPage: /^https:\/\/www\.instagram\.com\/oauth\/authorize$/,
		data: () => ({
			clientId: APPS.instagram.id,
			clientSecret: APPS.instagram.secret,
			baseUrl: bench.sandbox.instagramUrl,
		}),
		usual: 'instagram_business_basic,instagram_business_manage_insights',
		more: 'instagram_business_basic,instagram_business_manage_insights,instagram_business_manage_comments',
		withoutInsights: 'instagram_business_basic',
		insights: 'instagram_business_manage_insights',
		issued: /^IGAA-sandbox-issued-/,
	},
	facebookOAuth2: {
		type: 'instagramInsightsFacebookOAuth2Api',
		loginPage: /^https:\/\/www\.facebook\.com\/v\d+\.0\/dialog\/oauth$/,
		data: () => ({
			clientId: APPS.facebook.id,
			clientSecret: APPS.facebook.secret,
			baseUrl: bench.sandbox.facebookUrl,
		}),
		usual:
			'instagram_basic,instagram_manage_insights,pages_read_engagement,pages_show_list,instagram_manage_comments,business_management',
		more: 'instagram_basic,instagram_manage_insights,pages_show_list,pages_read_engagement,business_management,pages_manage_metadata',
		withoutInsights: 'instagram_basic,pages_show_list,pages_read_engagement,business_management',
		insights: 'instagram_manage_insights',
		issued: /^EAA-sandbox-issued-/,
	},
} as const;

type SignIn = keyof typeof SIGN_INS;
type Credential = { readonly id: string; readonly name: string; readonly type: string };

function create(signIn: SignIn, fields: Record<string, string>): Promise<Credential> {
	const { type, data } = SIGN_INS[signIn];
	return n8n.createCredential(`${signIn} ${crypto.randomUUID().slice(0, 8)}`, type, { ...data(), ...fields });
}

/**
 * Press *Connect*: get the login page's URL from n8n, open Meta's page, which agrees at once, and follow it to n8n's page.
 *
 * @returns what that last page says
 */
async function connect(signIn: SignIn, { id }: Credential): Promise<string> {
	const loginPage = await n8n.rest<string>('GET', `/oauth2-credential/auth?id=${id}`);
	expect(loginPage.split('?')[0]).toMatch(SIGN_INS[signIn].loginPage);
	const agreed = await fetch(atSandbox(loginPage), { redirect: 'manual' });
	expect(agreed.status).toBe(302);
	const back = agreed.headers.get('location') ?? '';
	expect(back).toMatch(new RegExp(`^${n8n.url}/rest/oauth2-credential/callback\\?`));
	const answer = await fetch(back, { headers: { cookie: n8n.session().cookie } });
	return answer.text();
}

/** The requested scopes of each visit to the login page. */
const scopesAsked = () =>
	bench.sandbox
		.requests()
		.filter(({ host }) => host.startsWith('www.'))
		.map(({ query }) => query.scope);

async function accountReach(authentication: SignIn, { id, name, type }: Credential): Promise<Execution> {
	const workflow = behindManualTrigger({
		id: 'insights',
		name: NODE_NAME,
		type: INSIGHTS_NODE,
		typeVersion: 1,
		position: [200, 0],
		parameters: {
			authentication,
			resource: 'account',
			operation: 'getInsights',
			metrics: ['reach'],
			dateRange: 'last7Days',
		},
		credentials: { [type]: { id, name } },
	});
	return n8n.run(await n8n.createWorkflow(workflow), START_NAME);
}

/** The token of the requests for numbers. */
const tokenOf = (requests: readonly LoggedRequest[]) =>
	requests.findLast(({ path }) => path.endsWith('/insights'))?.token;
/** What the owner of a token agreed to. */
const grantedTo = (token = '') => bench.sandbox.world.tokens.find(token)?.scopes;

describe.each(['instagramOAuth2', 'facebookOAuth2'] as const)('a sign-in with %s', (signIn) => {
	const { usual, more, withoutInsights, insights, issued } = SIGN_INS[signIn];

	test('asks for the permissions to read numbers by default', async () => {
		const credential = await create(signIn, {});
		expect(await connect(signIn, credential)).toContain('Connection successful');
		expect(scopesAsked()).toEqual([usual]);
	});

	test('asks for exactly the scopes of the credential, and reads numbers with the token it gets', async () => {
		const credential = await create(signIn, { scope: more });
		expect(await connect(signIn, credential)).toContain('Connection successful');
		expect(scopesAsked()).toEqual([more]);

		const run = await accountReach(signIn, credential);
		expect(errorText(run)).toBe('no error\nno description');
		const { since, until, reach } = run.items(NODE_NAME)[0]?.json ?? {};
		expect(reach).toBe(bench.sandbox.world.account('bakery').total('reach', String(since), String(until)));
		const token = tokenOf(bench.sandbox.requests());
		expect(token).toMatch(issued);
		expect([...(grantedTo(token) ?? [])].sort()).toEqual(more.split(',').sort());
	});

	test('asks for changed scopes when it is connected again, and works with what was then granted', async () => {
		const credential = await create(signIn, { scope: withoutInsights });
		await connect(signIn, credential);
		const refused = await accountReach(signIn, credential);
		// The Facebook host does not refuse but answers without numbers. The node finds out why.
		expect(errorText(refused)).toContain(insights);

		const { id, name, type } = credential;
		await n8n.updateCredential(id, name, type, { ...SIGN_INS[signIn].data(), scope: more });
		expect(await connect(signIn, credential)).toContain('Connection successful');
		expect(scopesAsked()).toEqual([withoutInsights, more]);
		const run = await accountReach(signIn, credential);
		expect(errorText(run)).toBe('no error\nno description');
		expect([...(grantedTo(tokenOf(bench.sandbox.requests())) ?? [])].sort()).toEqual(more.split(',').sort());
	});
});

describe('a sign-in with a configuration of Facebook Login for Business', () => {
	test('names the configuration to the login page', async () => {
		const credential = await create('facebookOAuth2', { configurationId: '1234567890123456' });
		expect(await connect('facebookOAuth2', credential)).toContain('Connection successful');
		const [visit] = bench.sandbox.requests().filter(({ host }) => host === 'www.facebook.com');
		expect(visit?.query).toMatchObject({ config_id: '1234567890123456', client_id: APPS.facebook.id });
	});

	test('names none to the login page where the credential has none', async () => {
		await connect('facebookOAuth2', await create('facebookOAuth2', {}));
		const [visit] = bench.sandbox.requests().filter(({ host }) => host === 'www.facebook.com');
		expect(visit?.query).not.toHaveProperty('config_id');
	});
});
