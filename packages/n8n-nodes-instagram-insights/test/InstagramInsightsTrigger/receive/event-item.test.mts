import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flattenValue } from '../../../nodes/InstagramInsightsTrigger/receive/eventItem';

describe('flattenValue', () => {
	test('joins a path by underscores', () => {
		expect(flattenValue({ from: { id: '1', username: 'ana' }, text: 'oi' })).toEqual({
			from_id: '1',
			from_username: 'ana',
			text: 'oi',
		});
	});

	test("drops a parent's name that the member repeats", () => {
		expect(flattenValue({ media: { id: '1', media_product_type: 'FEED' } })).toEqual({
			media_id: '1',
			media_product_type: 'FEED',
		});
	});

	test('counts the entries of lists, and makes null of what is empty', () => {
		expect(flattenValue({ message: { attachments: [{ type: 'image' }, 'b'], extra: {}, none: [] } })).toEqual({
			message_attachments_0_type: 'image',
			message_attachments_1: 'b',
			message_extra: null,
			message_none: null,
		});
	});

	test('keeps both members when two paths meet in one name', () => {
		expect(flattenValue({ a_b: 1, a: { b: 2 } })).toEqual({ a_b: 1, 'a.b': 2 });
	});

	test('gives one level and loses no leaf, whatever Meta sends', () => {
		const key = fc.stringMatching(/^[a-z]{1,3}(_[a-z]{1,3})?$/);
		const { value } = fc.letrec<{ value: Record<string, unknown>; member: unknown }>((tie) => ({
			value: fc.dictionary(key, tie('member'), { maxKeys: 4 }) as fc.Arbitrary<Record<string, unknown>>,
			member: fc.oneof(
				{ maxDepth: 3 },
				fc.integer(),
				fc.string(),
				fc.constant(null),
				tie('value'),
				fc.array(tie('member'), { maxLength: 3 }),
			),
		}));
		fc.assert(
			fc.property(value, (given) => {
				fc.pre(Object.keys(given).length > 0);
				const flat = flattenValue(given);
				expect(texts(Object.values(flat))).toEqual(texts(leavesOf(given)));
				expect(Object.values(flat).every((leaf) => leaf === null || typeof leaf !== 'object')).toBe(true);
			}),
		);
	});

	test('does not touch the prototype of anything', () => {
		const flat = flattenValue(JSON.parse('{"__proto__":{"polluted":true}}'));
		expect(({} as Record<string, unknown>).polluted).toBeUndefined();
		expect(Object.keys(flat)).toEqual(['__proto___polluted']);
	});
});

function texts(leaves: unknown[]): string[] {
	return leaves.map((leaf) => JSON.stringify(leaf)).toSorted();
}

function leavesOf(value: unknown): unknown[] {
	if (typeof value !== 'object' || value === null) return [value];
	return Object.keys(value).length > 0 ? Object.values(value).flatMap(leavesOf) : [null];
}
