import { describe, expect, test } from 'vitest';
import type { Host } from '../src/catalog/host.ts';
import { createInsightsClient } from '../src/client/insights-client.ts';
import { accountIdOf, ProfileAnswer } from '../src/graph/accounts-answer.ts';
import { classifyError } from '../src/graph/error-answer.ts';
import { InsightsAnswer } from '../src/graph/insights-answer.ts';
import { readAnswer } from '../src/graph/read-answer.ts';
import { TokenAnswer } from '../src/graph/token-answer.ts';
import { readInsights } from '../src/insight/read-insights.ts';
import type { InsightsError, InsightsErrorKind } from '../src/insights-error.ts';
import { manualClock, type ScriptedAnswer, scriptedTransport } from '../src/testing/index.ts';
import { readFixture } from './graph/read-fixture.ts';

type FieldCase = { readonly host: Host; readonly status: number; readonly body: { readonly error?: object } };
const caseOf = (name: string): FieldCase => JSON.parse(readFixture(`field-cases/${name}.json`));
const june = { since: '2026-06-01', until: '2026-06-30' };
const METRICS = ['reach', 'views', 'accounts_engaged', 'total_interactions', 'likes', 'comments', 'saves', 'shares'];

/** A client of one account whose every request is answered by the script. */
function asking(host: Host, script: Parameters<typeof scriptedTransport>[0]) {
	const transport = scriptedTransport(script);
	const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });
	const client = createInsightsClient({ host, transport, clock, accountId: '17841400000000001', maxAttempts: 3 });
	return { client, transport };
}
const always = (answer: ScriptedAnswer) => () => answer;
const saying = (message: string, more: object = {}, status = 400): ScriptedAnswer => ({
	status,
	body: { error: { message, code: 100, fbtrace_id: 'TRACE', ...more } },
});
const thrownBy = (work: Promise<unknown>): Promise<InsightsError> =>
	work.then(
		() => expect.unreachable('it must not pass for an answer'),
		(error) => error,
	);

/** Every question about an account; each fails when Meta refuses all of it. */
const QUESTIONS: Readonly<Record<string, (client: ReturnType<typeof asking>['client']) => Promise<unknown>>> = {
	totals: (client) => client.accountTotals({ metrics: METRICS, ...june }),
	'totals of one metric': (client) => client.accountTotals({ metrics: ['views'], ...june }),
	'totals by follow type': (client) =>
		client.accountTotals({ metrics: ['reach', 'views'], breakdown: 'follow_type', ...june }),
	days: (client) => client.accountDaily({ metrics: METRICS, ...june }),
	'days of a series': (client) => client.accountDaily({ metrics: ['reach'], ...june }),
	comparison: (client) => client.compare({ metrics: METRICS, ...june }),
	audience: (client) =>
		client.audience({ metrics: ['follower_demographics'], breakdown: ['age', 'city'], timeframe: 'this_month' }),
	'online followers': (client) => client.onlineFollowers({ since: '2026-11-10', until: '2026-11-12' }),
	profile: (client) => client.profile(),
};

describe('a question that is refused as a whole', () => {
	test.each(Object.keys(QUESTIONS))('throws instead of returning nulls: %s', async (name) => {
		const { host, status, body } = caseOf('F01-unsupported-request-method-type-get');
		const { client, transport } = asking(host, always({ status, body }));
		const error = await thrownBy(QUESTIONS[name]?.(client) ?? Promise.resolve());
		expect(error).toMatchObject({ kind: 'permission', graph: { code: 100, traceId: 'A' } });
		expect(error.message).toContain('Unsupported request - method type: get');
		expect(error.advice).toMatch(/Instagram Testers.*user_id of \/me/);
		expect(transport.requests).toHaveLength(1);
	});

	test.each(Object.keys(QUESTIONS).filter((name) => name !== 'profile'))(
		'throws after few requests for an unknown error text: %s',
		async (name) => {
			const { client, transport } = asking('graph.facebook.com', always(saying('(#100) Words of tomorrow')));
			const error = await thrownBy(QUESTIONS[name]?.(client) ?? Promise.resolve());
			expect(error).toMatchObject({ graph: { code: 100, message: '(#100) Words of tomorrow', traceId: 'TRACE' } });
			expect(error.message).toContain('Words of tomorrow');
			expect(transport.requests.length).toBeLessThanOrEqual(6);
		},
	);

	test('throws if the error text uses the name of a metric as an ordinary word', async () => {
		const { client } = asking('graph.facebook.com', always(saying('(#100) We cannot reach what you asked for')));
		const error = await thrownBy(client.accountTotals({ metrics: METRICS, ...june }));
		expect(error.message).toContain('We cannot reach what you asked for');
	});

	test('throws again if the same client asks again', async () => {
		const { client } = asking('graph.facebook.com', always(saying('(#100) Words of tomorrow')));
		for (let time = 0; time < 4; time += 1) {
			const error = await thrownBy(client.accountDaily({ metrics: ['likes', 'views'], ...june }));
			expect(error.message).toContain('Words of tomorrow');
		}
	});

	test.each([
		['a Page', 'Page', 'not-found', /Facebook Page/],
		['a person', 'User', 'not-found', /a person/],
		['a business', 'Business', 'not-found', /a business/],
		['an app', 'Application', 'auth', /app token/],
	] as const)('says that the ID belongs to %s', async (_, type, kind, advice) => {
		const words = `(#100) Tried accessing nonexisting field (insights) on node type (${type})`;
		const { client, transport } = asking('graph.facebook.com', always(saying(words)));
		const error = await thrownBy(client.accountTotals({ metrics: METRICS, ...june }));
		expect([error.kind, transport.requests.length]).toEqual([kind, 1]);
		expect(error.advice).toMatch(advice);
	});

	test('keeps the other numbers if metrics in each part are refused without a name', async () => {
		const refused = new Set(['views', 'shares']);
		const { client } = asking('graph.facebook.com', ({ query }) => {
			const metrics = (query.metric ?? '').split(',');
			if (metrics.some((metric) => refused.has(metric))) return saying('(#100) Words of tomorrow');
			return { body: { data: metrics.map((name) => ({ name, period: 'day', total_value: { value: 5 } })) } };
		});
		const { insights } = await client.accountTotals({ metrics: METRICS, ...june });
		expect(insights).toEqual(
			METRICS.map((metric) =>
				refused.has(metric)
					? {
							shape: 'absent',
							metric,
							reason: 'failed',
							message: 'Words of tomorrow (code 100, trace ID TRACE)',
						}
					: { shape: 'total', metric, value: 5 },
			),
		);
	});

	test("gives Meta's message for each day that failed", async () => {
		const { client } = asking('graph.instagram.com', ({ query }) =>
			query.since === String(Date.parse('2026-06-03T07:00:00Z') / 1000)
				? saying('(#100) There are missing buckets')
				: { body: { data: [{ name: 'likes', period: 'day', total_value: { value: 1 } }] } },
		);
		const { insights } = await client.accountDaily({ metrics: ['likes'], since: '2026-06-01', until: '2026-06-05' });
		const [series] = insights;
		expect(series?.shape === 'series' ? series.points[2] : series).toMatchObject({
			date: '2026-06-03',
			value: null,
			reason: 'failed',
			message: 'There are missing buckets (code 100, trace ID TRACE)',
		});
	});
});

describe('API access blocked (F02)', () => {
	test.each([
		['refused', 400, 'API access blocked.'],
		['with HTTP 200', 200, 'API access blocked.'],
		['deactivated', 400, 'API access deactivated. To reactivate, go to the app dashboard.'],
		['an app that is off', 400, 'App not active: This app is not accessible right now.'],
	])('stops after one request: %s', async (_, status, message) => {
		const { body } = caseOf('F02-api-access-blocked');
		const error = { ...body.error, message };
		for (const ask of Object.values(QUESTIONS)) {
			const { client, transport } = asking('graph.instagram.com', always({ status, body: { error } }));
			const thrown = await thrownBy(ask(client));
			expect([thrown.kind, transport.requests.length]).toEqual(['blocked', 1]);
			expect(thrown.advice).toContain('App Dashboard');
		}
	});

	test('stops if any item of a batch says so', async () => {
		const { body } = caseOf('F02-api-access-blocked');
		const { client, transport } = asking('graph.facebook.com', ({ body: form }) => ({
			body: JSON.parse(form?.batch ?? '[]').map(() => ({ code: 200, body: JSON.stringify(body) })),
		}));
		const mediaIds = ['18000000000000001', '18000000000000002', '18000000000000003'];
		const reading = client.mediaInsights({ mediaIds, metrics: ['reach', 'views'] })[Symbol.asyncIterator]();
		expect((await thrownBy(reading.next())).kind).toBe('blocked');
		expect(transport.requests).toHaveLength(1);
	});
});

describe('other refusals of the field', () => {
	test('2874010 means too few people in a breakdown of the metric (F03)', async () => {
		const { host, status, body } = caseOf('F03-2874010-not-enough-users');
		const { client } = asking(host, always({ status, body }));
		const question = { metrics: ['follower_demographics'], breakdown: 'age', timeframe: 'this_month' } as const;
		expect((await client.audience(question)).insights).toEqual([
			{
				shape: 'absent',
				metric: 'follower_demographics',
				reason: 'too-few-followers',
				message:
					'You can learn about your audience once this metric has more than 100 people in each breakdown (code 100, subcode 2874010, trace ID A)',
			},
		]);
		const { advice } = classifyError({ status, headers: {}, text: JSON.stringify(body) });
		expect(advice).toMatch(/this metric.*more than 100 people.*each breakdown/);
		expect(advice).not.toContain('follower');
	});

	test('a metric without a total is requested as a daily series (F09)', async () => {
		const { host, status, body } = caseOf('F09-incompatible-with-metric-type');
		const error = classifyError({ status, headers: {}, text: JSON.stringify(body) });
		expect([error.graph?.rule, error.advice]).toEqual(['metric-type-series', expect.stringContaining('daily series')]);
		// A metric that the catalog does not know, so that it is asked for as a total first.
		const refused = JSON.parse(JSON.stringify(body).replaceAll('follower_count', 'new_fans'));
		const transport = scriptedTransport(({ query }) => {
			const metrics = (query.metric ?? '').split(',');
			if (query.metric_type === 'total_value' && metrics.includes('new_fans')) return { status, body: refused };
			const total = { total_value: { value: 9 } };
			const series = { values: [{ value: 4, end_time: '2026-11-11T08:00:00+0000' }] };
			const isTotal = query.metric_type === 'total_value';
			return { body: { data: metrics.map((name) => ({ name, period: 'day', ...(isTotal ? total : series) })) } };
		});
		const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });
		const client = createInsightsClient({ host, transport, clock, accountId: '17841400000000001', allowUnknown: true });
		const day = { since: '2026-11-10', until: '2026-11-10' };
		const { insights } = await client.accountDaily({ metrics: ['views', 'new_fans'], ...day });
		expect(insights.map((one) => (one.shape === 'series' ? one.points.map(({ value }) => value) : one))).toEqual([
			[9],
			[4],
		]);
		expect(transport.requests).toHaveLength(3);
	});

	test.each([
		['F13a-object-missing-without-subcode', 'not-found', /belongs to an account of this token/],
		['F13c-application-deleted', 'auth', /app behind the token was deleted/],
		['F13d-public-content-access', 'permission', /App Review/],
		['F04-code-10-of-one-medium', 'permission', /manage_insights/],
	] as const)('%s is %s', (name, kind, advice) => {
		const { status, body } = caseOf(name);
		const error = classifyError({ status, headers: {}, text: JSON.stringify(body) });
		expect(error.kind).toBe(kind);
		expect(error.advice).toMatch(advice);
	});

	/** Words of Meta for one cause each, and what the way out must name. */
	// biome-ignore format: a table reads by columns
	const WORDS: readonly (readonly [message: string, codes: object, kind: InsightsErrorKind, advice: RegExp])[] = [
		['Error validating access token: The user is enrolled in a blocking, logged-in checkpoint', { code: 190, error_subcode: 490 }, 'auth', /security check.*signs in/],
		['Error validating access token: You cannot access the app till you log in to www.facebook.com and follow the instructions given.', { code: 190, error_subcode: 459 }, 'auth', /security check/],
		['(#368) The user must pass a checkpoint', { code: 368 }, 'auth', /security check/],
		['Error validating application. Application has been deleted.', { code: 101 }, 'auth', /app behind the token was deleted/],
		['(#100) The page has been deleted', { code: 100 }, 'not-found', /Page was deleted/],
		['(#21) Page ID 1 was migrated to page ID 2. Please update your API calls to the new ID', { code: 21 }, 'not-found', /Page was deleted or merged/],
		['(#190) The user is not an admin of the page', { code: 190 }, 'permission', /Page access/],
		['(#200) User does not have sufficient administrative permission for this action on this page', { code: 200 }, 'permission', /Page access/],
		['(#10) User does not have a role on the page', { code: 10 }, 'permission', /Page access/],
		['Insufficient Developer Role', { code: 10 }, 'permission', /Tester/],
		['(#10) This app is in development mode', { code: 10 }, 'permission', /Tester/],
		['(#200) This needs Advanced Access, which the app must request in App Review', { code: 200 }, 'permission', /App Review/],
		['(#200) Two factor authentication is required to manage this page', { code: 200 }, 'permission', /two-factor/],
		['(#10) The account is not an Instagram business account', { code: 10 }, 'permission', /personal/],
		['An active access token must be used to query information about the current user.', { code: 2500 }, 'auth', /app token/],
		['(#200) Requires instagram_manage_insights permission to manage the object', { code: 200 }, 'permission', /grant the permission that Meta names/],
		['Error validating access token: The account has been disabled', { code: 190 }, 'auth', /restore it/],
		['Malformed access token IGAA', { code: 190 }, 'auth', /Copy it again/],
	];
	test.each(WORDS)('"%s" has its own advice', (message, codes, kind, advice) => {
		const error = classifyError({ status: 400, headers: {}, text: JSON.stringify({ error: { message, ...codes } }) });
		expect([error.kind, error.graph?.rule]).toEqual([kind, expect.any(String)]);
		expect(error.advice).toMatch(advice);
	});
});

describe('an answer that is not from Graph', () => {
	const LOGIN_WALL =
		'<!doctype html><html><head><title>Sign in</title><style>b{}</style></head><body>Staff only</body></html>';
	test.each([
		['a firewall', 403, '<html><body><h1>Blocked by Fortress</h1></body></html>', 'Blocked by Fortress'],
		['a proxy that wants a password', 407, 'Proxy Authentication Required', 'Proxy Authentication Required'],
		['a login wall', 401, LOGIN_WALL, 'Sign in Staff only'],
		['a captive portal', 200, LOGIN_WALL, 'Sign in Staff only'],
		['a gateway that speaks JSON', 403, '{"message":"Forbidden"}', '{"message":"Forbidden"}'],
		['a gateway with an error of its own', 403, '{"error":"forbidden"}', '{"error":"forbidden"}'],
		['nothing at all', 200, '', '(empty)'],
		['a redirect', 302, '', '(empty)'],
		['a page that is missing', 404, 'Not Found', 'Not Found'],
	])('is reported as such after one request: %s', async (_, status, text, words) => {
		for (const ask of Object.values(QUESTIONS)) {
			const { client, transport } = asking('graph.facebook.com', always({ status, body: text }));
			const error = await thrownBy(ask(client));
			expect(error.kind).toBe('network');
			expect(error.message).toContain(`something on the way answered instead of Meta: ${words} (HTTP ${status})`);
			expect(error.advice).toMatch(/proxy, firewall/);
			expect(error.advice).not.toMatch(/permission|Connect the account/);
			expect(transport.requests).toHaveLength(1);
		}
	});

	test('is quoted without secrets', () => {
		const text = '<html><body><a href="/x?access_token=IGAAsecret123456">IGAAsecret123456</a></body></html>';
		const error = classifyError({ status: 403, headers: {}, text }, { secrets: ['IGAAsecret123456'] });
		expect(JSON.stringify([error.message, error.graph, String(error.cause)])).not.toContain('IGAAsecret');
	});
});

describe('a value of unknown form', () => {
	const reading = (data: readonly unknown[], metrics: readonly string[]) => {
		const answer = { status: 200, headers: {}, text: JSON.stringify({ data }) };
		return readInsights(readAnswer(answer, InsightsAnswer, { what: 'insights' }).data.data, { metrics });
	};
	const good = { name: 'reach', period: 'day', total_value: { value: 7 } };

	test('reads a map of names as buckets, not as hours (F11a)', () => {
		const { body } = caseOf('F11a-audience-locale-map') as unknown as { body: { data: unknown[] } };
		const [insight] = reading(body.data, ['audience_locale']);
		expect(insight).toMatchObject({ shape: 'breakdown', metric: 'audience_locale', value: null });
		const buckets = insight?.shape === 'breakdown' ? insight.buckets : [];
		expect(buckets.map(({ bucket, value }) => [bucket, value])).toEqual([
			['en_US', 786],
			['en_GB', 120],
			['de_DE', 31],
		]);
	});

	test.each([
		['a text', { name: 'views', values: [{ value: 'many' }] }],
		['a nested value', { name: 'views', total_value: { value: { sum: { all: 3 } } } }],
		['a list', { name: 'views', values: [{ value: [1, 2] }] }],
		['a map of maps', { name: 'views', values: [{ value: { age: { '18-24': 3 } } }] }],
		['no list of values', { name: 'views', values: 'none' }],
		['an odd breakdown', { name: 'views', total_value: { breakdowns: [{ dimension_keys: 'age' }] } }],
	])('costs only its own metric: %s', (_, odd) => {
		expect(reading([odd, good], ['reach', 'views'])).toEqual([
			{ shape: 'total', metric: 'reach', value: 7 },
			{
				shape: 'absent',
				metric: 'views',
				reason: 'failed',
				message: expect.stringMatching(/^Instagram's value could not be read \(unknown form of [\w. ]+\)$/) as string,
			},
		]);
	});

	test.each([
		['a text', 'views'],
		['nothing', null],
		['no name', { period: 'day' }],
	])('costs only the missing metrics: %s for an item', (_, odd) => {
		expect(reading([odd, good], ['reach', 'views'])).toEqual([
			{ shape: 'total', metric: 'reach', value: 7 },
			expect.objectContaining({ shape: 'absent', metric: 'views', reason: 'failed' }),
		]);
	});
});

describe('the user_id of a token answer (F12)', () => {
	test('is the app-scoped id, never the account', () => {
		const { body, me } = caseOf('F12-token-user-id') as unknown as { body: object; me: object };
		const read = (text: string) => ({ status: 200, headers: {}, text });
		const exact = JSON.stringify(body).replace(/"user_id":\d+/, '"user_id":27000000000000001');
		const token = readAnswer(read(exact), TokenAnswer, { what: 'exchange' }).data;
		const profile = readAnswer(read(JSON.stringify(me)), ProfileAnswer, { what: 'profile' }).data;
		expect(token).not.toHaveProperty('accountId');
		expect(token.appScopedId).toBe('27000000000000001');
		expect(accountIdOf(profile)).toBe('17841457000000000');
	});
});

describe('an empty list of accounts (F06)', () => {
	test('names business_management, which business portfolios need', async () => {
		const { body } = caseOf('F06-empty-accounts');
		const transport = scriptedTransport(always({ body }));
		const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });
		const client = createInsightsClient({ host: 'graph.facebook.com', transport, clock });
		const error = await thrownBy(client.accountTotals({ metrics: ['reach'], ...june }));
		expect(error.advice).toMatch(/pages_show_list.*business_management/);
		expect(transport.requests).toHaveLength(1);
	});
});

describe('an invalid id', () => {
	const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });
	const client = (host: Host, accountId?: string) => {
		const transport = scriptedTransport([]);
		return { transport, client: createInsightsClient({ host, transport, clock, accountId }) };
	};

	test.each([
		['graph.instagram.com', '@ana.souza', /user name.*1784.*user_id/],
		['graph.instagram.com', 'https://www.instagram.com/ana/', /link.*1784/],
		['graph.facebook.com', '1.78414E+16', /spreadsheet.*1784.*instagram_business_account/],
		['graph.facebook.com', 'me', /1784/],
		['graph.facebook.com', '', /empty/],
	] as const)('is refused before anything is sent: an account on %s, "%s"', async (host, accountId, message) => {
		for (const ask of Object.values(QUESTIONS)) {
			const { client: asked, transport } = client(host, accountId);
			const error = await thrownBy(ask(asked));
			expect(error).toMatchObject({ kind: 'invalid-query', problems: [{ field: 'account', value: accountId }] });
			expect(error.message).toMatch(message);
			expect(transport.requests).toEqual([]);
		}
	});

	test.each(['AbCdEf', 'https://www.instagram.com/p/AbCdEf/', '', '1.8E+16'])(
		'is refused before anything is sent: a media item, "%s"',
		async (id) => {
			const { client: asked, transport } = client('graph.instagram.com');
			const list = asked.mediaInsights({ mediaIds: [id], metrics: ['reach'] })[Symbol.asyncIterator]();
			for (const error of [await thrownBy(asked.mediaById(id)), await thrownBy(list.next())]) {
				expect(error.kind).toBe('invalid-query');
				expect(error.message).toMatch(/digits only, usually 17/);
			}
			expect(transport.requests).toEqual([]);
		},
	);
});
