import { describe, expect, test } from 'vitest';
import { readFieldList } from '../../src/answer/field-list.ts';
import { GraphRefusal } from '../../src/answer/graph-error.ts';

const plain = (name: string) => ({ name, params: {}, fields: null });

describe('readFieldList', () => {
	test('reads names and skips spaces', () => {
		expect(readFieldList('id, caption')).toEqual([plain('id'), plain('caption')]);
	});

	test('reads modifiers with comma lists, and what stands in braces', () => {
		expect(readFieldList('id,insights.metric(reach,views).period(day).breakdown(follow_type){name,values}')).toEqual([
			plain('id'),
			{
				name: 'insights',
				params: { metric: 'reach,views', period: 'day', breakdown: 'follow_type' },
				fields: [plain('name'), plain('values')],
			},
		]);
	});

	test('reads braces inside braces', () => {
		expect(readFieldList('media.limit(5){id,children{id}}')[0]).toEqual({
			name: 'media',
			params: { limit: '5' },
			fields: [plain('id'), { name: 'children', params: {}, fields: [plain('id')] }],
		});
	});

	test('refuses aliases, as Meta does to new apps since v27', () => {
		expect(() => readFieldList('insights.metric(reach).as(first)')).toThrow('Field aliases are deprecated in v27.0+');
	});

	test.each(['id,{', 'insights.metric(reach', 'insights.metric', 'media{id', 'a}'])(
		'refuses %s with code 2500',
		(text) => {
			expect(() => readFieldList(text)).toThrow(GraphRefusal);
			try {
				readFieldList(text);
			} catch (error) {
				expect((error as GraphRefusal).row.code).toBe(2500);
			}
		},
	);
});
