import { addDays, pacificDay } from '@instagram-insights/graph-sandbox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, BOTH_LOGINS, byId, errorText, LOGINS, NODE_NAME, openBench, traceOf } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench({ world: { media: 120, beforeConversionShare: 0.1, adShare: 0.02 } });
});
afterAll(() => bench.close());
beforeEach(() => bench.sandbox.resetRequests());
afterEach(() => bench.sandbox.clearScenarios());

const bakery = () => bench.sandbox.world.account('bakery');
const today = () => pacificDay(bench.sandbox.world.now());
const totals = { resource: 'account', operation: 'getInsights', metrics: ['reach'], dateRange: 'last7Days' };
const NO_SUCH_MEDIA = '18999999999999999';

describe.each(BOTH_LOGINS)('a question that cannot be asked, with %s', (login) => {
	test('is refused before any call, with all problems at once, when expressions give removed and unknown metrics', async () => {
		const items = [{ metrics: 'impressions, reech' }];
		const run = await bench.runNode(login, { ...totals, metrics: '={{ $json.metrics }}' }, { items });
		expect(errorText(run)).toContain('Metrics "impressions", Metrics "reech"');
		expect(errorText(run)).toContain('Use "views" instead.');
		expect(errorText(run)).toContain('Did you mean "reach"?');
		expect(bench.sandbox.counts().httpRequests).toBe(0);
	});

	test('is refused for days that Meta does not have, item by item, with what to do', async () => {
		const ranges = [
			{ since: addDays(today(), 2), until: addDays(today(), 3) },
			{ since: addDays(today(), -800), until: addDays(today(), -790) },
			{ since: addDays(today(), -3), until: addDays(today(), -5) },
			{ since: '2026-02-30', until: '2026-03-01' },
		];
		const run = await bench.runNode(
			login,
			{ ...totals, dateRange: 'custom', since: '={{ $json.since }}', until: '={{ $json.until }}' },
			{ items: ranges, onError: 'continueRegularOutput' },
		);
		const texts = run.items(NODE_NAME).map(({ json }) => `${json.error} ${json.message}`);
		expect(run.items(NODE_NAME).map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2, 3].map((item) => ({ item })));
		expect(texts[0]).toContain('is in the future');
		expect(texts[1]).toMatch(/too old. The first day can be \d{4}-\d\d-\d\d or later/);
		expect(texts[2]).toContain('Swap the two days');
		expect(texts[3]).toContain('"2026-02-30" is not a valid date');
		expect(bench.sandbox.counts().httpRequests).toBe(0);
	});
});

describe.each(BOTH_LOGINS)('one bad media item among good ones, with %s', (login) => {
	const insights = { resource: 'media', operation: 'getInsights', media: byId('={{ $json.id }}'), metrics: ['reach'] };
	const items = () => [bakery().media()[0]?.id, NO_SUCH_MEDIA, bakery().media()[1]?.id].map((id) => ({ id }));

	test('becomes an error item in its place when the node continues', async () => {
		const run = await bench.runNode(login, insights, { items: items(), onError: 'continueRegularOutput' });
		const [first, bad, last] = run.items(NODE_NAME);
		const reach = (index: number) => {
			const media = bakery().media()[index];
			return media === undefined ? undefined : bakery().mediaMetric(media, 'reach');
		};
		expect(run.status).toBe('success');
		expect(first).toEqual({
			json: { ...bench.owner(), mediaId: items()[0]?.id, reach: reach(0), unavailable: '' },
			pairedItem: { item: 0 },
		});
		expect(bad?.pairedItem).toEqual({ item: 1 });
		expect(String(bad?.json.error)).toContain(NO_SUCH_MEDIA);
		expect(`${bad?.json.error} ${bad?.json.message}`).toMatch(/Check the ID.*trace ID Asandbox\d+/);
		expect(last).toEqual({
			json: { ...bench.owner(), mediaId: items()[2]?.id, reach: reach(1), unavailable: '' },
			pairedItem: { item: 2 },
		});
	});

	test('goes to the error output when the node has one', async () => {
		const run = await bench.runNode(login, insights, { items: items(), onError: 'continueErrorOutput' });
		const [good = [], failed = []] = traceOf(run).outputs;
		expect(good.map(({ json }) => json.mediaId)).toEqual([items()[0]?.id, items()[2]?.id]);
		expect(failed).toHaveLength(1);
		expect(String(failed[0]?.json.error)).toContain(NO_SUCH_MEDIA);
	});

	test('ends the run with the index of its item when the node does not continue', async () => {
		const run = await bench.runNode(login, insights, { items: items() });
		expect(run.status).toBe('error');
		expect(errorText(run)).toContain(NO_SUCH_MEDIA);
		expect(run.error).toMatchObject({ context: { itemIndex: 1 } });
	});
});

describe.each(BOTH_LOGINS)('media that never have insights, with %s', (login) => {
	test('are null with the reason, and do not affect the others', async () => {
		const parameters = { resource: 'media', operation: 'getMany', returnAll: true, metrics: ['reach', 'views'] };
		const run = await bench.runNode(login, parameters, { account: 'large' });
		const large = bench.sandbox.world.account('large');
		const expected = large.media().map((media) => {
			const reason = media.beforeConversion ? 'before-conversion' : media.productType === 'AD' ? 'unsupported' : null;
			const [reach, views] = ['reach', 'views'].map((metric) => large.mediaMetric(media, metric));
			const reasons = [
				...(reason === null ? [] : [`reach: ${reason}`, `views: ${reason}`]),
				...(media.likesHidden ? ['like_count: withheld'] : []),
			];
			const numbers = reason === null ? { reach, views } : { reach: null, views: null };
			return { id: media.id, ...numbers, unavailable: reasons.join('; ') };
		});
		const reasons = new Set(expected.map(({ unavailable }) => unavailable.replace(/(; )?like_count: withheld/, '')));
		expect(reasons).toEqual(
			new Set(['', ...['before-conversion', 'unsupported'].map((reason) => `reach: ${reason}; views: ${reason}`)]),
		);
		const rows = run
			.items(NODE_NAME)
			.map(({ json: { id, reach, views, unavailable } }) => ({ id, reach, views, unavailable }));
		expect(rows).toEqual(expected);
		expect(traceOf(run).hints).toContainEqual(expect.stringContaining('before the account became a professional'));
	});
});

describe.each(BOTH_LOGINS)('an answer without numbers, with %s', (login) => {
	test('is null with the reason, never 0', async () => {
		bench.sandbox.setScenario({ scenario: 'empty-insights' });
		// For an account with posts, no reach at all would mean that the token lacks a permission.
		const [row] = await bench.rows(login, { ...totals, metrics: ['reach', 'likes'] }, { account: 'brand-new' });
		expect(row).toMatchObject({ reach: null, likes: null, unavailable: 'reach: no-data; likes: no-data' });
	});

	test('of an account with posts means a missing permission on the Facebook host', async () => {
		bench.sandbox.setScenario({ scenario: 'empty-insights' });
		const posts = { resource: 'media', operation: 'getMany', metrics: ['reach'], limit: 1 };
		const run = await bench.runNode(login, posts);
		if (login === 'facebookLogin') expect(errorText(run)).toContain('The token lacks a permission');
		else expect(run.items(NODE_NAME)[0]?.json).toMatchObject({ reach: null, unavailable: 'reach: no-data' });
	});

	test('says below how many followers Instagram gives no numbers', async () => {
		const options = { account: 'tiny' };
		const run = await bench.runNode(login, { resource: 'account', operation: 'getAudience' }, options);
		expect(run.items(NODE_NAME).map(({ json }) => json)).toEqual([
			{
				...bench.owner('tiny'),
				metric: 'follower_demographics',
				dimension: 'country',
				value: null,
				count: null,
				unavailable: 'follower_demographics: no-data',
			},
		]);
		expect(traceOf(run).hints).toContainEqual(expect.stringContaining('demographics under 100 followers'));
		const [day] = await bench.rows(login, { ...totals, granularity: 'daily', metrics: ['follower_count'] }, options);
		expect(day).toMatchObject({ new_followers: null, unavailable: expect.stringContaining('new_followers: ') });
	});
});

describe.each(BOTH_LOGINS)('trouble on the way, with %s', (login) => {
	test('that passes goes unnoticed', async () => {
		bench.sandbox.setScenario({ scenario: 'transient*2', path: '/insights' });
		const [row] = await bench.rows(login, totals);
		const [since, until] = [addDays(today(), -7), addDays(today(), -1)];
		expect(row).toMatchObject({ since, until, reach: bakery().total('reach', since, until), unavailable: '' });
		expect(bench.sandbox.requests().filter(({ scenario }) => scenario === 'transient')).toHaveLength(2);
	});

	test('with a used-up call limit says when to try again', async () => {
		const run = await bench.runNode(login, totals, { token: '-rate-limited' });
		expect(errorText(run)).toContain('again in 17 minutes');
		expect(run.error).toMatchObject({ failure: { cause: 'quota-exhausted', retryAfterMs: 17 * 60_000 } });
	});

	test('with a base URL where nobody answers names the URL and the setting', async () => {
		const { prefix, type } = LOGINS[login];
		const data = { accessToken: `${prefix}-sandbox-nowhere`, baseUrl: 'http://127.0.0.1:9' };
		const credential = await bench.n8n.createCredential('nowhere', type, data);
		const run = await bench.runNode(login, totals, { credential });
		expect(errorText(run)).toMatch(/No answer from http:\/\/127\.0\.0\.1:9.*\n.*Base URL/);
	});
});

describe.each(BOTH_LOGINS)('a token without the insights permission, with %s', (login) => {
	test('is reported with the name of the permission', async () => {
		const name = login === 'instagramLogin' ? 'instagram_business_manage_insights' : 'instagram_manage_insights';
		const [medium] = bakery().media();
		const media = byId(medium?.id ?? '');
		const insights = { resource: 'media', operation: 'getInsights', media, metrics: ['reach'] };
		const ofMedium = await bench.runNode(login, insights, { token: '-no-insights-permission' });
		expect(errorText(ofMedium)).toContain(name);
		const ofAccount = await bench.runNode(login, totals, { token: '-no-insights-permission' });
		// Facebook answers an empty list without a reason. The node finds the reason.
		expect(errorText(ofAccount)).toContain(name);
	});
});

describe.each(BOTH_LOGINS)('a failed run, with %s', (login) => {
	test('holds no token anywhere', async () => {
		for (const token of ['-expired', '-rate-limited', '-no-insights-permission']) {
			const run = await bench.runNode(login, totals, { token });
			expect(JSON.stringify(run.data)).not.toContain('-sandbox-bakery');
		}
	});
});
