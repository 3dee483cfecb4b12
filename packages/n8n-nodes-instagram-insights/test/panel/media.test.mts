import type { INodePropertyModeValidation } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { mediaParameter, readMedia } from '../../nodes/panel/media';

const LINKS = [
	'https://www.instagram.com/p/CxYz_12-abc/',
	'https://www.instagram.com/reel/CxYz_12-abc/?igsh=abc',
	'https://instagram.com/casa.canela.bakery/p/CxYz_12-abc',
	'http://www.instagram.com/tv/CxYz_12-abc/',
	'https://www.instagram.com/reels/CxYz_12-abc/',
	'instagram.com/p/CxYz_12-abc/',
	' https://www.instagram.com/p/CxYz_12-abc/ ',
];

describe('readMedia', () => {
	test.each(LINKS)('finds the code in %s', (url) => {
		expect(readMedia({ __rl: true, mode: 'url', value: url })).toEqual({ by: 'shortcode', shortcode: 'CxYz_12-abc' });
	});

	test('recognizes a link in the other modes too', () => {
		expect(readMedia({ mode: 'id', value: LINKS[0] })).toEqual({ by: 'shortcode', shortcode: 'CxYz_12-abc' });
		expect(readMedia(LINKS[0])).toEqual({ by: 'shortcode', shortcode: 'CxYz_12-abc' });
	});

	test('keeps an ID above 2^53 as it is', () => {
		expect(readMedia({ mode: 'list', value: '18110000001246831' })).toEqual({ by: 'id', id: '18110000001246831' });
	});

	test.each([
		['nothing was chosen', { mode: 'list', value: '' }],
		['the link is not one of Instagram', { mode: 'url', value: 'https://example.com/p/CxYz_12-abc/' }],
		[
			'it is a share link, whose letters are not code',
			{ mode: 'url', value: 'https://www.instagram.com/share/reel/BAabcdef12' },
		],
		['the parameter is missing', undefined],
	])('says no when %s', (_, value) => {
		expect(readMedia(value)).toBeNull();
	});
});

describe('readMedia of a number', () => {
	test('refuses one that lost its last digits', () => {
		expect(() => readMedia({ mode: 'id', value: Number('18110000001247031') })).toThrow('This ID came as a number');
	});
});

describe('mediaParameter', () => {
	const validation = mediaParameter.modes?.find(({ name }) => name === 'url')?.validation?.[0];
	const { regex } = (validation as INodePropertyModeValidation & { properties: { regex: string } }).properties;

	test('accepts every kind of link it can read', () => {
		for (const link of LINKS) expect(link).toMatch(new RegExp(`^${regex}$`));
	});

	test('refuses the link of a profile', () => {
		expect('https://www.instagram.com/casa.canela.bakery/').not.toMatch(new RegExp(`^${regex}$`));
	});
});
