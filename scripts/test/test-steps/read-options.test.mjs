import { describe, expect, test } from 'vitest';
import { readOptions } from '../../test-steps/read-options.mjs';

const STEPS = ['names', 'unit', 'e2e'];

describe('readOptions', () => {
	test('takes every step without options', () => {
		expect(readOptions([], STEPS)).toEqual(STEPS);
	});

	test('keeps the order of the steps, not of the options', () => {
		expect(readOptions(['--only', 'e2e,names'], STEPS)).toEqual(['names', 'e2e']);
		expect(readOptions(['--only', 'e2e', '--only', 'names'], STEPS)).toEqual(['names', 'e2e']);
	});

	test('leaves steps out', () => {
		expect(readOptions(['--skip', 'e2e'], STEPS)).toEqual(['names', 'unit']);
	});

	test.each([['--only', 'e3e'], ['--fast']])('says what it does not know', (...argv) => {
		expect(readOptions(argv, STEPS)).toMatch(/^No step is named e3e|--only <step>/);
	});
});
