import { readFileSync } from 'node:fs';
import type { IHttpRequestOptions, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { LOGINS, type Login, useSandbox } from './ask-sandbox.mts';
import { runNode } from './fake-execution.mts';

const { sandbox, ask } = useSandbox();
const custom = { dateRange: 'custom', since: '2026-10-01', until: '2026-10-07' };
const insights: INodeParameters = {
	resource: 'account',
	operation: 'getInsights',
	metrics: ['reach', 'views', 'likes'],
	dateRange: 'last7Days',
};
const OPERATIONS: Readonly<Record<string, INodeParameters>> = {
	totals: insights,
	days: { ...insights, granularity: 'daily' },
	comparison: { resource: 'account', operation: 'compare', dateRange: 'last7Days' },
	audience: { resource: 'account', operation: 'getAudience' },
	'online followers': { resource: 'account', operation: 'getOnlineFollowers', dateRange: 'last7Days' },
};

type Failed = { readonly message: string; readonly description: string; readonly httpRequests: number };

/** The error of a run that must not be green, and what it cost; a variant of the token begins with a hyphen. */
async function failing(login: Login, scenario: string, parameters: INodeParameters): Promise<Failed> {
	sandbox().resetRequests();
	try {
		const token = scenario.startsWith('-') ? `bakery${scenario}` : `bakery+${scenario}`;
		const { rows } = await ask(login, parameters, { token });
		return expect.unreachable(`green with ${JSON.stringify(rows)}`);
	} catch (error) {
		if (!(error instanceof Error) || !('description' in error)) throw error;
		const { httpRequests } = sandbox().counts();
		return { message: error.message, description: String(error.description), httpRequests };
	}
}

describe.each(LOGINS)('a question that is refused as a whole, with %s', (login) => {
	/** Scenario, what the headline says, Meta's words below, and the most requests it may cost. */
	// biome-ignore format: a table reads by columns
	const REFUSALS: readonly (readonly [scenario: string, headline: RegExp, words: RegExp, most: number])[] = [
		['unsupported-request', /does not let this token read this ID.*Instagram Testers/, /Unsupported request - method type: get/, 2],
		['page-node', /ID belongs to something other than.*Facebook Page/, /nonexisting field \(insights\) on node type \(Page\)/, 2],
		['new-words', /Something that nobody has heard of/, /Code 100, trace ID/, 7],
		['api-blocked', /switched off the API.*App Dashboard/, /API access blocked/, 2],
		['api-deactivated', /switched off the API.*App Dashboard/, /API access deactivated/, 2],
		['app-deleted', /app behind the token was deleted/, /Application has been deleted/, 2],
		['auth:490', /security check.*signs in/, /checkpoint/, 2],
		['not-reviewed', /needs App Review/, /Public Content Access/, 2],
		['page-role', /no role on the Facebook Page.*Page access/, /sufficient administrative permission/, 2],
		['two-factor', /two-factor authentication.*Accounts Center/, /Two factor/, 2],
		['page-gone', /Page was deleted or merged/, /was migrated to page ID/, 2],
		['html-error:403', /Something on the way answered, not Meta/, /Sorry, something went wrong.*HTTP 403/, 2],
		['html-error:200', /Something on the way answered, not Meta/, /Sorry, something went wrong.*HTTP 200/, 2],
	];

	test.each(REFUSALS)(
		"%s is an error with its cause, way out and Meta's words",
		async (scenario, headline, words, most) => {
			for (const parameters of Object.values(OPERATIONS)) {
				const { message, description, httpRequests } = await failing(login, scenario, parameters);
				expect(`${message} ${scenario === 'new-words' ? '' : description}`).toMatch(headline);
				expect(description).toMatch(words);
				expect(httpRequests).toBeLessThanOrEqual(most);
				expect(`${message} ${description}`).not.toMatch(/sandbox-bakery/);
				if (scenario.startsWith('html-error')) expect(`${message} ${description}`).not.toMatch(/permission|trace ID/);
			}
		},
	);

	test('is an error where the permission is missing, on both logins alike', async () => {
		for (const parameters of Object.values(OPERATIONS)) {
			const { message, description } = await failing(login, '-no-insights-permission', parameters);
			expect(`${message} ${description}`).toMatch(
				/lacks (?:the|a) permission.*instagram(?:_business)?_manage_insights/,
			);
		}
	});

	test('becomes an error item with the way out, with continue on fail', async () => {
		const { rows } = await ask(login, insights, { token: 'bakery+api-blocked', continueOnFail: true });
		expect(rows).toEqual([
			{
				error: expect.stringContaining('App Dashboard') as string,
				message: expect.stringMatching(/API access blocked.*trace ID/) as string,
			},
		]);
	});
});

describe.each(LOGINS)('a value that cannot be read, with %s', (login) => {
	test('affects only its own column, with the reason in the row and in a hint', async () => {
		const { rows, hints } = await ask(login, insights, { token: 'bakery+odd-value' });
		expect(rows).toHaveLength(1);
		expect(rows[0]).toMatchObject({
			reach: null,
			views: expect.any(Number) as number,
			likes: expect.any(Number) as number,
		});
		expect(rows[0]?.unavailable).toMatch(/^reach: failed: Instagram's value could not be read/);
		expect(hints).toContainEqual(expect.stringMatching(/^Some metrics are empty.*reach: Instagram's value/));
	});
});

describe('a token whose form is wrong', () => {
	test.each([
		['', /token is empty/],
		['__n8n_BLANK_VALUE_e5362baf-c777-4d57-a609-6eaf1f9e87f6', /placeholder of n8n/],
		['123456|secretSECRET', /app token/],
	])('%j is not sent', async (accessToken, message) => {
		const credentials = {
			instagramInsightsApi: { accessToken, baseUrl: 'https://graph.instagram.com' },
			instagramInsightsFacebookApi: { accessToken, appSecret: '', baseUrl: 'https://graph.facebook.com' },
		};
		for (const authentication of LOGINS) {
			const running = runNode({ items: [{ ...insights, authentication }], credentials });
			await expect(running).rejects.toMatchObject({ message: expect.stringMatching(message) });
		}
	});
});

describe('an invalid account id', () => {
	test.each(['@casa.canela', 'https://www.instagram.com/casa.canela/', '1.78414E+16'])(
		'%s is not sent, and the message says what a right one looks like',
		async (value) => {
			const account = { __rl: true, mode: 'id', value };
			const running = runNode({ items: [{ ...insights, ...custom, account }] });
			await expect(running).rejects.toMatchObject({
				message: expect.stringMatching(/^Account: .*beginning with 1784/) as string,
				description: expect.stringContaining('Nothing was sent to Meta') as string,
			});
		},
	);
});

describe('a token that reaches no account', () => {
	test.each(['me', 'all'])('gets a hint about business_management, whichever account is chosen: %s', async (value) => {
		const account = { __rl: true, mode: 'list', value };
		const { message, description } = await failing('facebookLogin', 'no-accounts', { ...insights, account });
		expect(message).toContain('reaches no Instagram professional account');
		expect(description).toContain('business_management');
	});
});

describe('an answer recorded in the field', () => {
	const OWN = { id: '17841457000000000', username: 'casa.canela' };
	const caseOf = (name: string): { status: number; body: object; me: object } => {
		const file = new URL(`../../core/test/fixtures/field-cases/${name}.json`, import.meta.url);
		return JSON.parse(readFileSync(file, 'utf8'));
	};
	/** The node asking with Facebook Login: the account is found, and everything else is answered so. */
	const asking = (
		parameters: INodeParameters,
		answer: (query: Readonly<Record<string, string>>) => { status?: number; body: object },
	) =>
		runNode({
			items: [{ authentication: 'facebookLogin', ...parameters }],
			async answer({ url, qs, body }: IHttpRequestOptions) {
				const accounts = { data: [{ id: '1', name: 'Page', instagram_business_account: OWN }] };
				const { status = 200, body: one } = url.endsWith('/me/accounts')
					? { body: accounts }
					: answer((qs ?? {}) as Readonly<Record<string, string>>);
				const batch = (body as { batch?: string } | undefined)?.batch;
				const each =
					batch === undefined ? one : JSON.parse(batch).map(() => ({ code: status, body: JSON.stringify(one) }));
				return { statusCode: batch === undefined ? status : 200, headers: {}, body: JSON.stringify(each) };
			},
		});
	const rowsOf = async (...question: Parameters<typeof asking>) =>
		(await asking(...question)).items.map(({ json }) => json);

	test('F03: a row without a value names the metric, and a hint the 100 people in each breakdown', async () => {
		const answer = caseOf('F03-2874010-not-enough-users');
		const { items, hints } = await asking({ resource: 'account', operation: 'getAudience' }, () => answer);
		expect(items.map(({ json }) => json)).toEqual([
			expect.objectContaining({ value: null, unavailable: 'follower_demographics: too-few-followers' }),
		]);
		expect(hints).toEqual([expect.stringMatching(/fewer than 100 people in (?:a|each) breakdown/)]);
	});

	const unlisted = { resource: 'account', operation: 'getInsights', ...custom, options: { allowUnlisted: true } };
	const series = JSON.parse(
		JSON.stringify(caseOf('F09-incompatible-with-metric-type').body).replaceAll('follower_count', 'new_fans'),
	);

	test('F09: a metric without a total is an error that names the daily series', async () => {
		const running = asking({ ...unlisted, metrics: ['new_fans'] }, () => ({ status: 400, body: series }));
		await expect(running).rejects.toMatchObject({
			message: expect.stringContaining('daily series') as string,
			description: expect.stringMatching(/incompatible with the metric type.*trace ID A/) as string,
		});
	});

	test('F09: asked day by day, the same metric has its value', async () => {
		const day = { since: '2026-11-10', until: '2026-11-10', granularity: 'daily', metrics: ['views', 'new_fans'] };
		const rows = await rowsOf({ ...unlisted, ...day }, ({ metric = '', metric_type: type }) => {
			const names = metric.split(',');
			if (type === 'total_value' && names.includes('new_fans')) return { status: 400, body: series };
			const value =
				type === 'total_value'
					? { total_value: { value: 9 } }
					: { values: [{ value: 4, end_time: '2026-11-11T08:00:00+0000' }] };
			return { body: { data: names.map((name) => ({ name, period: 'day', ...value })) } };
		});
		expect(rows).toEqual([expect.objectContaining({ date: '2026-11-10', views: 9, new_fans: 4, unavailable: '' })]);
	});

	test('F11a: a map of names is one row per name', async () => {
		const body = JSON.parse(
			JSON.stringify(caseOf('F11a-audience-locale-map').body).replaceAll('audience_locale', 'audience_language'),
		);
		const question = { resource: 'account', operation: 'getAudience', metrics: ['audience_language'] };
		const rows = await rowsOf({ ...question, options: { allowUnlisted: true } }, () => ({ body }));
		expect(rows.map(({ value, count }) => [value, count])).toEqual([
			['en_US', 786],
			['en_GB', 120],
			['de_DE', 31],
		]);
	});

	test('F12: the account of a row is the professional account, never the ID that the token answer gives', async () => {
		const { me } = caseOf('F12-token-user-id');
		const get = { resource: 'account', operation: 'get', authentication: 'instagramLogin' };
		const [row] = await rowsOf(get, () => ({ body: { ...me, username: OWN.username } }));
		expect(row?.account_id).toBe('17841457000000000');
		expect(JSON.stringify(row)).not.toContain('27000000000000001');
	});

	test.each(['get', 'getInsights'])(
		'F13a: a post that is not there is an error with the way out: %s',
		async (operation) => {
			const media = { __rl: true, mode: 'id', value: '17900000000000000' };
			const answer = caseOf('F13a-object-missing-without-subcode');
			await expect(asking({ resource: 'media', operation, media }, () => answer)).rejects.toMatchObject({
				message: expect.stringMatching(/^Media 17900000000000000: .*belongs to an account of this token/) as string,
				description: expect.stringMatching(/does not exist.*Code 100, trace ID A/) as string,
			});
		},
	);
});
