// Everything `npm test` proves: test-steps/steps.mjs lists it, this file carries it out and counts.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOptions } from './test-steps/read-options.mjs';
import { runStep } from './test-steps/run-step.mjs';
import { STEPS } from './test-steps/steps.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const logs = path.join(root, '.local/test-logs');

const chosen = readOptions(
	process.argv.slice(2),
	STEPS.map(({ name }) => name),
);
if (typeof chosen === 'string') {
	console.error(chosen);
	process.exit(1);
}
// The script that started us is gone without a word: the step's processes must go with it.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

rmSync(logs, { recursive: true, force: true });
mkdirSync(logs, { recursive: true });

let passed = 0;
let failed = 0;
/** @type {string[]} */
const failedSteps = [];
const startedAt = Date.now();
for (const step of STEPS.filter(({ name }) => chosen.includes(name))) {
	const result = await runStep(step, { root, logs });
	passed += result.passed;
	failed += result.failed;
	if (result.failed > 0) failedSteps.push(step.name);
}

const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
console.log(
	`\n${minutes} minutes. ${failedSteps.length === 0 ? 'Every step passed.' : `Failed: ${failedSteps.join(', ')}.`}`,
);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
