import { describe, expect, test } from 'vitest';
import { showRun } from '../src/example-workflows.ts';
import type { Execution } from '../src/n8n/n8n-api.ts';

function execution(jsons: Record<string, unknown>[], rest: Partial<Execution> = {}): Execution {
	const items = (node: string) => (node === 'Insights' ? jsons.map((json) => ({ json })) : []);
	return { id: '1', status: 'success', mode: 'manual', error: undefined, data: {}, items, ...rest };
}

describe('showRun', () => {
	test('counts the items and shows numbers before words', () => {
		const text = showRun('Account', 'Insights', execution([{ since: '2026-10-26', reach: 37236, views: 88870 }]));
		expect(text).toBe('  Account: 1 item\n      reach 37236 · views 88870 · since 2026-10-26');
	});

	test('shows the first three of many', () => {
		const many = Array.from({ length: 25 }, (_, index) => ({ reach: index }));
		expect(showRun('Posts', 'Insights', execution(many)).split('\n')).toEqual([
			'  Posts: 25 items',
			'      reach 0',
			'      reach 1',
			'      reach 2',
		]);
	});

	test('leaves out what is missing or nested, and shortens long words', () => {
		const item = { views: null, unavailable: { views: 'no-data' }, caption: 'a'.repeat(30), likes: 3 };
		expect(showRun('Posts', 'Insights', execution([item]))).toContain(`likes 3 · caption ${'a'.repeat(23)}…`);
	});

	test('leaves out whose row it is', () => {
		const item = {
			account_id: '1784',
			username: 'bakery',
			weekday: 5,
			hour: 11,
			count: 1476,
			value: 'PT',
			unavailable: '',
		};
		expect(showRun('Audience', 'Insights', execution([item]))).toBe('  Audience: 1 item\n      count 1476 · value PT');
	});

	test('says why a run failed', () => {
		const failed = execution([], { status: 'error', error: { message: 'The access token has expired' } });
		expect(showRun('Account', 'Insights', failed)).toBe('  Account: error: The access token has expired');
	});
});
