import { describe, expect, test } from 'vitest';
import { hostOfToken } from '../../src/catalog/host.ts';

describe('hostOfToken', () => {
	test('goes by how the token begins', () => {
		expect(hostOfToken('IGAAxyz')).toBe('graph.instagram.com');
		expect(hostOfToken('IGQVxyz')).toBe('graph.instagram.com');
		expect(hostOfToken('EAAxyz')).toBe('graph.facebook.com');
	});

	test('does not guess', () => {
		expect(hostOfToken('THQxyz')).toBeUndefined();
		expect(hostOfToken('')).toBeUndefined();
	});
});
