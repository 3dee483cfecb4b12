import { describe, expect, test } from 'vitest';
import { fanOut, type RoutingRule } from '../../src/relay/rules.ts';

const rule = (id: string, changes: Partial<RoutingRule> = {}): RoutingRule => ({
	id,
	mode: 'event',
	objects: null,
	fields: null,
	accounts: null,
	order: 'none',
	...changes,
});
const events = [
	{ object: 'instagram', field: 'comments', accountId: 'x', sample: false },
	{ object: 'page', field: 'messages', accountId: 'x', sample: false },
	{ object: 'instagram', field: 'comments', accountId: 'y', sample: false },
];
const routes = (...rules: RoutingRule[]) => fanOut(rules, events).map(([index, { id }]) => `${index}${id}`);

describe('fanOut', () => {
	test('gives everything to a subscriber without a match', () => {
		expect(routes(rule('a'))).toEqual(['0a', '1a', '2a']);
	});

	test('keeps the order of the events for each subscriber', () => {
		expect(routes(rule('a'), rule('b'))).toEqual(['0a', '0b', '1a', '1b', '2a', '2b']);
	});

	test.each([
		[{ fields: ['comments'] }, ['0a', '2a']],
		[{ accounts: ['y'] }, ['2a']],
		[{ objects: ['page'] }, ['1a']],
		[{ objects: ['instagram', 'page'] }, ['0a', '1a', '2a']],
		[{ objects: ['whatsapp_business_account'] }, []],
		[{ fields: ['messages'], accounts: ['y'] }, []],
		[{ fields: ['messages', 'comments'], accounts: ['x', 'y'] }, ['0a', '1a', '2a']],
	])('matches %j', (match, expected) => {
		expect(routes(rule('a', match))).toEqual(expected);
	});

	test('gives a body that passes through to a subscriber once', () => {
		expect(routes(rule('p', { mode: 'passthrough' }))).toEqual(['0p']);
		expect(routes(rule('p', { mode: 'passthrough', fields: ['messages'] }))).toEqual(['1p']);
		expect(routes(rule('p', { mode: 'passthrough', fields: ['mentions'] }))).toEqual([]);
	});

	test('lets a sample of the Test button pass the account filter, and no other', () => {
		const sample = [{ object: 'instagram', field: 'comments', accountId: '0', sample: true }];
		const rules = [
			rule('account', { accounts: ['y'] }),
			rule('field', { accounts: ['y'], fields: ['messages'] }),
			rule('object', { accounts: ['y'], objects: ['page'] }),
		];
		expect(fanOut(rules, sample).map(([, { id }]) => id)).toEqual(['account']);
	});

	test('gives an unreadable body to those who pass bytes through or ask for it by name', () => {
		const unreadable = [{ object: 'instagram', field: 'unreadable', accountId: '', sample: false }];
		const rules = [rule('event'), rule('named', { fields: ['unreadable'] }), rule('bytes', { mode: 'passthrough' })];
		expect(fanOut(rules, unreadable).map(([, { id }]) => id)).toEqual(['named', 'bytes']);
	});
});
