import { existsSync, readFileSync } from 'node:fs';

/**
 * The tests of a vitest run, from its JSON report.
 *
 * @param {string} report path; missing when vitest did not come so far
 * @param {number} code vitest's exit code
 * @returns {{ passed: number, failed: number }} a run that failed beside its tests (a file that does not load, an error nobody
 *   caught, no tests at all) has one failure more, so that it never counts as good
 */
export function countTests(report, code) {
	if (!existsSync(report)) return { passed: 0, failed: 1 };
	const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(readFileSync(report, 'utf8'));
	const unseen = (code !== 0 && failed === 0) || passed + failed === 0;
	return { passed, failed: failed + Number(unseen) };
}
