import { describe, expect, test } from 'vitest';
import { InsightsAnswer } from '../../src/graph/insights-answer.ts';
import { MediaAnswer } from '../../src/graph/media-answer.ts';
import { readAnswer, withoutPagingLinks } from '../../src/graph/read-answer.ts';
import { answer, refusal } from './answers.ts';

const what = 'insights of account me';

describe('readAnswer', () => {
	test('returns what the schema read, and the whole body', () => {
		const { data, raw } = readAnswer(answer('insights/total-reach.json'), InsightsAnswer, { what });
		expect(data.data).toMatchObject([{ name: 'reach', period: 'day', total_value: { value: 6742 } }]);
		expect(raw).toHaveProperty(['data', 0, 'title'], 'Accounts reached');
	});

	test('accepts an empty list as an answer', () => {
		expect(readAnswer(answer('insights/empty.json'), InsightsAnswer, { what }).data.data).toEqual([]);
	});

	test('throws the error of a refusal', () => {
		expect(() => readAnswer(answer('errors/token-expired.json', 401), InsightsAnswer, { what })).toThrow(
			expect.objectContaining({ kind: 'auth' }),
		);
	});

	test('throws the error of a refusal with status 200', () => {
		expect(() => readAnswer(refusal({ message: 'x', code: 190 }, 200), InsightsAnswer, { what })).toThrow(
			expect.objectContaining({ kind: 'auth' }),
		);
	});

	test('reads digits in a text as a number, and a missing bucket name as empty', () => {
		const results = [
			{ dimension_values: [null], value: '3' },
			{ dimension_values: [18], value: 2 },
		];
		const total_value = { value: '5', breakdowns: [{ dimension_keys: ['age'], results }] };
		const text = JSON.stringify({ data: [{ name: 'reach', total_value, values: [{ value: '48.4' }] }] });
		const { data } = readAnswer({ status: 200, headers: {}, text }, InsightsAnswer, { what });
		expect(data.data[0]).toMatchObject({
			values: [{ value: 48.4 }],
			total_value: {
				value: 5,
				breakdowns: [
					{
						results: [
							{ dimension_values: [''], value: 3 },
							{ dimension_values: ['18'], value: 2 },
						],
					},
				],
			},
		});
	});

	test('names the place in an answer of another shape', () => {
		const text = '{"data":{"name":"reach"}}';
		const read = () => readAnswer({ status: 200, headers: {}, text }, InsightsAnswer, { what });
		expect(read).toThrow(/^insights of account me: data: /);
		expect(read).toThrow(expect.objectContaining({ kind: 'answer-unreadable' }));
	});

	test('throws answer-unreadable for an answer that was cut off', () => {
		expect(() => readAnswer(answer('errors/cut-short.txt'), InsightsAnswer, { what })).toThrow(
			expect.objectContaining({ kind: 'answer-unreadable' }),
		);
	});

	test('reads IDs that came as numbers', () => {
		const text = '{"data":[{"id":180000000000001,"insights":{"data":[{"id":7,"name":"reach"}]}}]}';
		const { data } = readAnswer({ status: 200, headers: {}, text }, MediaAnswer, { what });
		expect(data.data[0]).toMatchObject({ id: '180000000000001', insights: { data: [{ id: '7' }] } });
	});

	test('keeps unknown fields of a media item', () => {
		const { data } = readAnswer(answer('media/page-unknown-fields.json'), MediaAnswer, { what });
		expect(data.data[0]).toMatchObject({ media_product_type: 'AD', like_count: 4, field_of_tomorrow: { depth: 1 } });
	});
});

describe('withoutPagingLinks', () => {
	test('removes the links, which contain the token, at any depth, and keeps the cursors', () => {
		const { raw } = readAnswer(answer('media/page-unknown-fields.json'), MediaAnswer, { what });
		const clean = withoutPagingLinks(raw);
		expect(JSON.stringify(raw)).toContain('fixture-token');
		expect(JSON.stringify(clean)).not.toContain('fixture-token');
		expect(clean).toHaveProperty(['data', 0, 'children', 'paging', 'cursors', 'after'], 'QVFIa');
		expect(clean).toHaveProperty(['data', 0, 'field_of_tomorrow', 'depth'], 1);
	});

	test('removes a paging by time', () => {
		const { raw } = readAnswer(answer('insights/series-reach.json'), InsightsAnswer, { what });
		expect(withoutPagingLinks(raw)).toHaveProperty('paging', {});
	});
});
