import { describe, expect, test } from 'vitest';
import { readNames } from '../../nodes/panel/metrics';

describe('readNames', () => {
	test.each([
		['a list', ['reach', 'views'], ['reach', 'views']],
		['text with commas', 'reach, views', ['reach', 'views']],
		['text with line breaks', 'reach\nviews\n', ['reach', 'views']],
		['a list with doubles and blanks', ['reach', ' reach ', ''], ['reach']],
		['a list as JSON text, as language models write it', '["reach", "views"]', ['reach', 'views']],
		['nothing', undefined, []],
		['a number', 7, []],
	])('reads %s', (_, value, names) => {
		expect(readNames(value)).toEqual(names);
	});
});
