import { describe, expect, test } from 'vitest';
import { readFieldList } from '../../src/answer/field-list.ts';
import { MEDIA_METRIC_RULES } from '../../src/answer/metric-rules.ts';
import { PAGE_BUDGET, requireLightPage, workOfMedium } from '../../src/answer/paging.ts';
import { sandboxForFile } from '../ask.ts';

const work = (fields: string) => workOfMedium(readFieldList(fields));
const page = (media: number, fields: string, budget = PAGE_BUDGET) =>
	requireLightPage(budget, media, readFieldList(fields));
const PLAIN =
	'id,media_type,media_product_type,timestamp,permalink,caption,like_count,comments_count,media_url,children';

describe('workOfMedium', () => {
	test('counts plain fields, metrics, and objects with fields of their own', () => {
		expect(work('id,caption')).toBe(2);
		expect(work('id,children')).toBe(2);
		expect(work('id,insights.metric(reach,views,likes){name,values}')).toBe(4);
		expect(work('id,children{id,media_type}')).toBe(1 + 60 + 2);
		expect(work('comments{id,owner{id}}')).toBe(60 + 1 + 60 + 1);
	});
});

describe('requireLightPage', () => {
	test('lets a hundred posts with every metric and plain field through', () => {
		page(100, `${PLAIN},insights.metric(${Object.keys(MEDIA_METRIC_RULES).join(',')})`);
	});

	test('refuses a page over the budget, whatever its length, and answers one that fits', () => {
		// 63 for each medium: 79 media are 4,977, 80 are 5,040.
		expect(() => page(80, 'id,children{id,media_type}')).toThrow(/reduce the amount of data/);
		page(79, 'id,children{id,media_type}');
		expect(() => page(10, 'id,insights.metric(reach)', 19)).toThrow(/reduce the amount of data/);
		page(10, 'id,insights.metric(reach)', 20);
	});

	test('never refuses a single medium', () => {
		page(1, 'id,children{id},owner{id}', 10);
	});
});

describe('pageBudget', () => {
	const { ask } = sandboxForFile({ pageBudget: 1_000 });

	test('makes a full page with many metrics too heavy, and half of it light enough', async () => {
		const fields = 'id,insights.metric(reach,views,likes,comments,saved,shares,reposts,total_interactions)';
		const read = (limit: number) =>
			ask(`graph.instagram.com/v25.0/me/media?limit=${limit}&fields=${fields}`, 'IGAA-sandbox-bakery');
		// 9 for each medium: a hundred are 900, and a hundred and twelve would be 1,008.
		expect((await read(100)).status).toBe(200);
		const more = `${fields},media_type,caption,timestamp`;
		const heavy = (limit: number) =>
			ask(`graph.instagram.com/v25.0/me/media?limit=${limit}&fields=${more}`, 'IGAA-sandbox-bakery');
		expect((await heavy(100)).body.error).toMatchObject({
			code: 1,
			message: "Please reduce the amount of data you're asking for, then retry your request",
		});
		expect((await heavy(90)).status).toBe(500);
		expect((await heavy(50)).status).toBe(200);
	});
});
