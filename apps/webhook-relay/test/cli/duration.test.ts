import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../src/cli/subscriber.ts';

describe('parseDuration', () => {
	test.each([
		['500ms', 500],
		['30s', 30_000],
		['5m', 300_000],
		['2h', 7_200_000],
		['1.5d', 129_600_000],
	])('reads %s', (text, ms) => {
		expect(parseDuration(text)).toBe(ms);
	});

	test.each(['', '5', 's', '-5s', '5 s', '5w', '1e3s'])('does not read %j', (text) => {
		expect(parseDuration(text)).toBeNull();
	});
});
