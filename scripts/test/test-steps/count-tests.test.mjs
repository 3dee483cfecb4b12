import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countTests } from '../../test-steps/count-tests.mjs';

/** @type {string} */
let folder;
beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'count-tests-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** @param {number} numPassedTests @param {number} numFailedTests */
function report(numPassedTests, numFailedTests) {
	const file = path.join(folder, 'report.json');
	writeFileSync(file, JSON.stringify({ numPassedTests, numFailedTests }));
	return file;
}

describe('countTests', () => {
	test("takes vitest's numbers", () => {
		expect(countTests(report(7, 2), 1)).toEqual({ passed: 7, failed: 2 });
		expect(countTests(report(7, 0), 0)).toEqual({ passed: 7, failed: 0 });
	});

	test('counts a run that failed although its tests passed', () => {
		expect(countTests(report(7, 0), 1)).toEqual({ passed: 7, failed: 1 });
	});

	test('counts a run without tests as failed', () => {
		expect(countTests(report(0, 0), 0)).toEqual({ passed: 0, failed: 1 });
	});

	test('counts a missing report as failed', () => {
		expect(countTests(path.join(folder, 'nothing.json'), 0)).toEqual({ passed: 0, failed: 1 });
	});
});
