import { describe, expect, test } from 'vitest';
import { SCENARIOS } from '../../src/index.ts';
import { sandboxForFile } from '../ask.ts';

const { ask, sandbox } = sandboxForFile();
const ME = 'graph.instagram.com/v25.0/me?fields=username';
const meet = (scenario: string, path = ME) =>
	ask(path, 'IGAA-sandbox-bakery', { headers: { 'x-sandbox-scenario': scenario } });

describe('SCENARIOS', () => {
	test.each([
		['transient', 500, 2],
		['unknown', 500, 1],
		['reduce-data', 500, 1],
		['rate-limit', 400, 80002],
		['rate-limit-app', 403, 4],
		['rate-limit-user', 400, 17],
		['rate-limit-page', 400, 32],
		['rate-limit-app-older', 400, 341],
		['rate-limit-custom', 400, 613],
		['blocked', 400, 368],
		['auth:460', 400, 190],
		['session', 400, 102],
		['no-permission', 400, 10],
		['no-capability', 400, 3],
		['restricted', 400, 25],
		['not-found', 400, 100],
		['strange', 400, 987654],
		['api-blocked', 400, 200],
		['api-deactivated', 400, 200],
		['app-deleted', 400, 190],
		['unsupported-request', 400, 100],
		['page-node', 400, 100],
		['new-words', 400, 100],
		['not-reviewed', 400, 10],
		['page-role', 400, 200],
		['two-factor', 400, 200],
		['page-gone', 400, 21],
		['ids-retired', 500, 100],
	])('%s answers HTTP %i with code %i', async (scenario, status, code) => {
		const reply = await meet(scenario);
		expect([reply.status, reply.body.error?.code]).toEqual([status, code]);
	});

	test('every scenario says what it means', () => {
		expect(Object.values(SCENARIOS).every((scenario) => scenario.means.length > 10)).toBe(true);
	});

	test('transient says so', async () => {
		expect((await meet('transient')).body.error?.is_transient).toBe(true);
	});

	test('auth carries the subcode asked for, and its words', async () => {
		const { error } = (await meet('auth:460')).body;
		expect(error?.error_subcode).toBe(460);
		expect(error?.message).toContain('changed their password');
	});

	test('a refusal has the headers of version and usage, as any answer', async () => {
		const refused = await meet('transient', 'graph.instagram.com/v24.0/me');
		expect(refused.headers.get('facebook-api-version')).toBe('v24.0');
		const old = await meet('no-permission', 'graph.instagram.com/v18.0/me');
		expect(old.headers.get('facebook-api-version')).toBe('v21.0');
		const limited = await ask(ME, 'IGAA-sandbox-bakery-rate-limited', {
			headers: { 'x-sandbox-scenario': 'transient' },
		});
		expect(limited.headers.get('x-app-usage')).toContain('"call_count":20');
	});

	test('not-enough-users refuses the metrics of followers, in the words of each host, and lets the others through', async () => {
		const insights = (account: string, query: string) =>
			meet('not-enough-users', `${account}/insights?period=day&metric=${query}`);
		const forPeople = 'You can learn about your audience once this metric has more than 100 people in each breakdown.';
		const onFacebook = await insights('graph.facebook.com/v25.0/17841401714833111', 'reach,follower_count');
		expect(onFacebook.body.error).toMatchObject({
			code: 100,
			error_subcode: 2874010,
			message: 'Not enough users',
			error_user_title: "Demographic data isn't available",
			error_user_msg: forPeople,
		});
		const onInstagram = await insights('graph.instagram.com/v25.0/me', 'reach,follower_count');
		expect(onInstagram.body.error).toMatchObject({ code: 100, error_subcode: 2874010, message: forPeople });
		expect((await insights('graph.instagram.com/v25.0/me', 'reach')).status).toBe(200);
	});

	test('reduce-data lets a smaller page through', async () => {
		const page = (limit: number) => meet('reduce-data:25', `graph.instagram.com/v25.0/me/media?limit=${limit}`);
		expect((await page(26)).status).toBe(500);
		expect((await page(25)).status).toBe(200);
	});

	test('rate-limit says how long to wait', async () => {
		const header = (await meet('rate-limit')).headers.get('x-business-use-case-usage');
		expect(header).toContain('"estimated_time_to_regain_access":17');
	});

	test('truncated-json is a 200 that cannot be read', async () => {
		const reply = await meet('truncated-json');
		expect(reply.status).toBe(200);
		expect(() => JSON.parse(reply.text)).toThrow(SyntaxError);
	});

	test('html-error is a page', async () => {
		const reply = await meet('html-error');
		expect([reply.status, reply.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
	});

	test('html-error is a page with the status asked for, as proxies and login walls answer', async () => {
		expect((await meet('html-error:401')).status).toBe(401);
		expect((await meet('html-error:403')).status).toBe(403);
	});

	test('cut and reset break the connection', async () => {
		await expect(meet('cut')).rejects.toThrow(TypeError);
		await expect(meet('reset')).rejects.toThrow(TypeError);
		expect(sandbox().requests().at(-1)).toMatchObject({ scenario: 'reset', status: 0 });
	});

	test('slow waits as long as asked', async () => {
		const before = performance.now();
		await meet('slow:60');
		expect(performance.now() - before).toBeGreaterThanOrEqual(55);
	});

	test('empty-insights answers 200 without data, alone and nested', async () => {
		const alone = await meet('empty-insights', 'graph.instagram.com/v25.0/me/insights?metric=reach&period=day');
		const nested = await meet(
			'empty-insights',
			'graph.instagram.com/v25.0/me/media?limit=1&fields=insights.metric(reach)',
		);
		expect(alone.body.data).toEqual([]);
		expect(nested.body.data?.[0]?.insights).toEqual({ data: [] });
	});

	test('no-accounts lists no Page', async () => {
		const headers = { 'x-sandbox-scenario': 'no-accounts' };
		const reply = await ask('graph.facebook.com/v25.0/me/accounts', 'EAA-sandbox-agency', { headers });
		expect([reply.status, reply.body]).toEqual([200, { data: [] }]);
	});

	test('odd-value spoils the first metric only', async () => {
		const query = 'metric=reach,views&period=day&metric_type=total_value';
		const { data } = (await meet('odd-value', `graph.instagram.com/v25.0/me/insights?${query}`)).body;
		const values = data?.map((item) => typeof (item as { total_value?: { value: unknown } }).total_value?.value);
		expect(values).toEqual(['string', 'number']);
	});

	test('wrapped puts /me into a list', async () => {
		expect((await meet('wrapped')).body.data).toEqual([{ username: 'casa.canela.bakery', id: '25810472911300111' }]);
	});

	test('string-codes writes the code as text', async () => {
		expect(
			(await meet('string-codes', 'graph.instagram.com/v25.0/me/insights?metric=plays&period=day')).body.error?.code,
		).toBe('100');
	});
});
