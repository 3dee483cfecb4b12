import { describe, expect, test } from 'vitest';
import { runNode } from '../../fake-execution.mts';

async function metrics(parameters: Record<string, unknown> = {}) {
	const items = [{ resource: 'metric', operation: 'getMany', returnAll: true, ...parameters }] as never;
	const { items: found, requests } = await runNode({ items });
	return { rows: found.map(({ json }) => json), requests };
}

describe('metric: getMany', () => {
	test('lists the catalog without asking Meta', async () => {
		const { rows, requests } = await metrics();
		expect(requests).toEqual([]);
		expect(rows).toContainEqual(expect.objectContaining({ metric: 'reach', level: 'account', addsUp: false }));
		expect(rows).toContainEqual(
			expect.objectContaining({ metric: 'link_clicks', hosts: 'graph.facebook.com', productTypes: 'STORY' }),
		);
	});

	test('names the replacement of a removed metric', async () => {
		const { rows } = await metrics();
		expect(rows).toContainEqual(
			expect.objectContaining({
				metric: 'impressions',
				level: 'account',
				status: 'removed',
				removedOn: '2025-04-21',
				replacement: 'views',
			}),
		);
	});

	test('filters the list', async () => {
		const { rows } = await metrics({ options: { level: 'media', host: 'graph.instagram.com', includeRemoved: false } });
		const names = rows.map(({ metric }) => metric);
		expect(names).toContain('saved');
		expect(names).not.toContain('link_clicks');
		expect(names).not.toContain('accounts_engaged');
		expect(names).not.toContain('plays');
	});

	test.each(['account', 'media'])(
		'answers for the level %s in at most 4 kB, with every name and breakdown',
		async (level) => {
			const short = await metrics({ options: { level } });
			const whole = await metrics({ options: { level, allColumns: true } });
			expect(Buffer.byteLength(JSON.stringify(short.rows))).toBeLessThanOrEqual(4096);
			expect(short.rows.map(({ metric }) => metric)).toEqual(whole.rows.map(({ metric }) => metric));
			for (const [index, { breakdowns, replacement }] of whole.rows.entries()) {
				const { meaning } = short.rows[index] ?? expect.fail();
				for (const part of [breakdowns, replacement]) expect(meaning).toContain(String(part ?? ''));
			}
		},
	);

	test('respects the limit', async () => {
		const { rows } = await metrics({ returnAll: false, limit: 3 });
		expect(rows).toHaveLength(3);
	});

	test.each([
		[{ host: 'instagram' }, 'Host: "instagram" is not a choice. Choose one of graph.'],
		[{ level: 'story' }, 'Level: "story" is not a choice. Choose one of account, media.'],
	])('refuses an invalid choice: %j', async (options, message) => {
		await expect(metrics({ options })).rejects.toThrow(message);
	});

	test('refuses an invalid limit', async () => {
		await expect(metrics({ returnAll: false, limit: -1 })).rejects.toThrow(
			'Enter a whole number of 1 or more, not "-1"',
		);
	});
});
