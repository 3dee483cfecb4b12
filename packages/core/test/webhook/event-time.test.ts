import { describe, expect, test } from 'vitest';
import { toMilliseconds } from '../../src/webhook/split-events.ts';

describe('toMilliseconds', () => {
	test.each([
		['seconds', 1764550800, 1764550800000],
		['milliseconds', 1764552000123, 1764552000123],
		['a text of seconds', '1527459824', 1527459824000],
		['a text of milliseconds', '1764552000123', 1764552000123],
		['seconds with a fraction', 1764550800.25, 1764550800250],
	])('reads %s', (_name, time, milliseconds) => {
		expect(toMilliseconds(time)).toBe(milliseconds);
	});

	test.each([
		undefined,
		null,
		0,
		-5,
		Number.NaN,
		Number.POSITIVE_INFINITY,
		1e300,
		'',
		'soon',
		'-1',
		'1e9',
		{},
		[1764550800],
	])('gives null for %j', (time) => {
		expect(toMilliseconds(time)).toBeNull();
	});
});
