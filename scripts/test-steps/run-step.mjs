import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { runWithProgress } from '../install/run-with-progress.mjs';
import { countTests } from './count-tests.mjs';

const SHOWN_LINES = 200;

/**
 * Run one step and show its output when it failed.
 *
 * @param {import('./steps.mjs').Step} step
 * @param {{ root: string, logs: string }} folders `logs` gets the whole output of each step
 * @returns {Promise<{ passed: number, failed: number }>} a check counts as one; vitest's tests one by one
 */
export async function runStep(step, { root, logs }) {
	const label = `${step.name} (${step.proves})`;
	if ('check' in step) {
		const startedAt = Date.now();
		const wrong = step.check(root);
		console.log(
			`${label}: ${wrong.length === 0 ? 'passed' : 'failed'} (${Math.round((Date.now() - startedAt) / 1000)} s)`,
		);
		if (wrong.length > 0) console.log(wrong.join('\n'));
		return wrong.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
	}

	const report = path.join(logs, `${step.name}.json`);
	const reporters = step.tests ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : [];
	const run = await runWithProgress(label, [...step.command, ...reporters], {
		cwd: root,
		env: { ...process.env, CI: 'true', FORCE_COLOR: '0', NO_COLOR: '1' },
		limitMinutes: step.limitMinutes,
		words: { good: 'passed', bad: 'failed' },
	});
	const log = path.join(logs, `${step.name}.log`);
	writeFileSync(log, run.output);
	if (run.code !== 0) {
		const lines = run.output.trimEnd().split('\n');
		const cut =
			lines.length > SHOWN_LINES ? [`(the last ${SHOWN_LINES} lines; all of it: ${path.relative(root, log)})`] : [];
		const late = run.timedOut ? [`stopped after ${step.limitMinutes} minutes`] : [];
		console.log([...cut, ...lines.slice(-SHOWN_LINES), ...late].join('\n'));
	}
	return step.tests ? countTests(report, run.code) : { passed: Number(run.code === 0), failed: Number(run.code !== 0) };
}
