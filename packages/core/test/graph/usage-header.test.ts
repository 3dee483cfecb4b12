import { describe, expect, test } from 'vitest';
import { readUsage } from '../../src/graph/usage-header.ts';

const APP = '{"call_count":28,"total_cputime":25,"total_time":31}';
const BUSINESS =
	'{"17841400000000001":[{"type":"instagram","call_count":1,"total_cputime":2,"total_time":3,"estimated_time_to_regain_access":0},{"type":"pages","call_count":95,"total_cputime":4,"total_time":5,"estimated_time_to_regain_access":12}]}';

describe('readUsage', () => {
	test('reads both headers', () => {
		expect(readUsage({ 'x-app-usage': APP, 'x-business-use-case-usage': BUSINESS })).toEqual({
			app: { callCount: 28, totalCpuTime: 25, totalTime: 31 },
			business: [
				{ id: '17841400000000001', type: 'instagram', callCount: 1, totalCpuTime: 2, totalTime: 3, regainMinutes: 0 },
				{ id: '17841400000000001', type: 'pages', callCount: 95, totalCpuTime: 4, totalTime: 5, regainMinutes: 12 },
			],
			appPercent: 31,
			accountPercent: 3,
			regainMs: 0,
		});
	});

	test('waits only for limits of Instagram and of no type', () => {
		const limit = (type?: string) =>
			JSON.stringify({ 1: [{ type, call_count: 95, estimated_time_to_regain_access: 12 }] });
		const wait = (type?: string) => readUsage({ 'x-business-use-case-usage': limit(type) });
		expect(wait('instagram')).toMatchObject({ accountPercent: 95, regainMs: 720_000 });
		expect(wait()).toMatchObject({ accountPercent: 95, regainMs: 720_000 });
		expect(wait('ads_insights')).toMatchObject({ accountPercent: 0, regainMs: 0 });
	});

	test('ignores missing headers', () => {
		expect(readUsage({})).toEqual({ app: null, business: [], appPercent: 0, accountPercent: 0, regainMs: 0 });
	});

	test('ignores malformed headers', () => {
		for (const text of ['', 'null', '[]', '{"call_count":', '"x"', '{"1784":{"call_count":1}}']) {
			expect(readUsage({ 'x-business-use-case-usage': text }).business).toEqual([]);
			expect(readUsage({ 'x-app-usage': text }).appPercent).toBe(0);
		}
	});

	test('reads a limit with missing members', () => {
		const { business } = readUsage({ 'x-business-use-case-usage': '{"1":[{"call_count":40}]}' });
		expect(business).toEqual([{ id: '1', type: '', callCount: 40, totalCpuTime: 0, totalTime: 0, regainMinutes: 0 }]);
	});
});
