import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countTests, readOptions } from '../run-tests.ts';

const STEPS = {
	words: { proves: 'words', runs: { turbo: 'words' }, changed: true },
	unit: { proves: 'units', runs: { vitest: [] }, changed: true },
	e2e: { proves: 'all together', runs: { vitest: [] } },
} as const;

describe('readOptions', () => {
	const names = (...argv: string[]) => {
		const options = readOptions(argv, STEPS);
		return typeof options === 'string' ? options : options.names;
	};

	test('runs every step without options', () => {
		expect(readOptions([], STEPS)).toEqual({ names: ['words', 'unit', 'e2e'], isChanged: false });
	});

	test('keeps the order of the steps, not of the options', () => {
		expect(names('--only', 'e2e,words')).toEqual(['words', 'e2e']);
		expect(names('--only', 'e2e', '--only', 'words')).toEqual(['words', 'e2e']);
	});

	test('leaves steps out', () => {
		expect(names('--skip', 'e2e')).toEqual(['words', 'unit']);
	});

	test('runs the quick steps for what changed, and others where they are named', () => {
		expect(readOptions(['--changed'], STEPS)).toEqual({ names: ['words', 'unit'], isChanged: true });
		expect(readOptions(['--changed', '--only', 'e2e'], STEPS)).toEqual({ names: ['e2e'], isChanged: true });
	});

	test.each([
		[['--only', 'e3e'], 'No step is named e3e. The steps are: words, unit, e2e.'],
		[['--fast'], '--only <step>'],
		[['--only', 'e2e', '--skip', 'e2e'], 'no step'],
	])('says what is wrong with %j', (argv, words) => {
		expect(names(...argv)).toEqual(expect.stringContaining(words));
	});
});

describe('countTests', () => {
	let folder: string;
	beforeAll(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'count-tests-'));
	});
	afterAll(() => rmSync(folder, { recursive: true }));

	function report(numPassedTests: number, numFailedTests: number): string {
		const file = path.join(folder, 'report.json');
		writeFileSync(file, JSON.stringify({ numPassedTests, numFailedTests }));
		return file;
	}

	test("uses vitest's numbers", () => {
		expect(countTests(report(7, 2), 1)).toEqual({ passed: 7, failed: 2 });
		expect(countTests(report(7, 0), 0)).toEqual({ passed: 7, failed: 0 });
	});

	test('counts a run that failed although its tests passed', () => {
		expect(countTests(report(7, 0), 1)).toEqual({ passed: 7, failed: 1 });
	});

	test('counts a run without tests as failed, unless nothing that tests import changed', () => {
		expect(countTests(report(0, 0), 0)).toEqual({ passed: 0, failed: 1 });
		expect(countTests(report(0, 0), 0, { isEmptyFine: true })).toEqual({ passed: 0, failed: 0 });
		expect(countTests(report(0, 0), 1, { isEmptyFine: true })).toEqual({ passed: 0, failed: 1 });
	});

	test('counts a missing report as failed', () => {
		expect(countTests(path.join(folder, 'nothing.json'), 0)).toEqual({ passed: 0, failed: 1 });
	});
});
