// Everything `npm test` proves. Options: --only <step>, --skip <step>, --changed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runWithProgress } from './install/run-with-progress.mjs';

type Step = {
	readonly proves: string;
	/** A task of turbo.json, or a vitest run whose tests are counted one by one. */
	readonly runs: { readonly turbo: string } | { readonly vitest: readonly string[] };
	/** Starts when the build and the quick steps have ended, if those run too. */
	readonly later?: true;
	/** Part of `npm test -- --changed`. */
	readonly changed?: true;
};

const E2E = ['--root', 'apps/playground', '--config', 'vitest.e2e.config.ts'];

/** In the order they start: what others wait for and what is quick; then what takes longest. */
// biome-ignore format: a table reads by columns
const STEPS: Readonly<Record<string, Step>> = {
	build:       { proves: 'everything builds', runs: { turbo: 'build' } },
	words:       { proves: 'texts and names keep to docs/words.md', runs: { turbo: '//#words' }, changed: true },
	format:      { proves: 'Biome: format, lint rules, and at most 300 lines in a source file', runs: { turbo: '//#format' }, changed: true },
	arrows:      { proves: 'imports follow the arrows of ARCHITECTURE.md', runs: { turbo: '//#arrows' }, changed: true },
	'dead-code': { proves: 'knip: every file, export and dependency is used', runs: { turbo: '//#dead-code' } },
	e2e:         { proves: 'end-to-end tests in a real n8n', runs: { vitest: E2E }, later: true },
	types:       { proves: 'types of every package and of the root scripts', runs: { turbo: 'typecheck' }, later: true, changed: true },
	unit:        { proves: 'unit and integration tests', runs: { vitest: [] }, later: true, changed: true },
	'n8n-lint':  { proves: "n8n's linter, strict", runs: { turbo: 'lint' }, later: true },
	'n8n-scan':  { proves: "n8n's package scanner, sources and tarball", runs: { turbo: 'scan' }, later: true },
	release:     { proves: 'publint and arethetypeswrong on every tarball', runs: { turbo: 'check-tarball' }, later: true },
};

/** The end-to-end tests mostly wait for n8n, so beside them another step has nearly a whole machine of two cores. */
const SIDE_BY_SIDE = 2;
const SHOWN_LINES = 200;
const OPTIONS = 'The options are --only <step>, --skip <step> and --changed.';

const root = path.join(import.meta.dirname, '..');
const logs = path.join(root, '.local/test-logs');

type Options = { readonly names: readonly string[]; readonly isChanged: boolean };
type Count = { readonly passed: number; readonly failed: number };

if (import.meta.main) {
	// The script that started us was killed: the steps' processes must end too.
	process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
	process.channel?.unref();
	const options = readOptions(process.argv.slice(2));
	if (typeof options === 'string') console.error(options);
	process.exitCode = typeof options !== 'string' && (await runSteps(options)) ? 0 : 1;
}

/** @returns the steps in their order, or a sentence on what was not understood */
export function readOptions(argv: readonly string[], steps: Readonly<Record<string, Step>> = STEPS): Options | string {
	const multiple = { type: 'string', multiple: true, default: [] as string[] } as const;
	try {
		const options = { only: multiple, skip: multiple, changed: { type: 'boolean', default: false } } as const;
		const { values } = parseArgs({ args: [...argv], options });
		const only = values.only.join().split(',').filter(Boolean);
		const skip = values.skip.join().split(',').filter(Boolean);
		const all = Object.keys(steps);
		const unknown = [...only, ...skip].filter((name) => !all.includes(name));
		if (unknown.length > 0) return `No step is named ${unknown.join(', ')}. The steps are: ${all.join(', ')}.`;
		const isChosen = (name: string) =>
			only.length > 0 ? only.includes(name) : !values.changed || steps[name]?.changed;
		const names = all.filter((name) => isChosen(name) && !skip.includes(name));
		return names.length > 0 ? { names, isChanged: values.changed } : 'These options leave no step to run.';
	} catch (error) {
		return `${error instanceof Error ? error.message : error} ${OPTIONS}`;
	}
}

/** @returns whether everything passed */
async function runSteps({ names, isChanged }: Options): Promise<boolean> {
	rmSync(logs, { recursive: true, force: true });
	mkdirSync(logs, { recursive: true });
	const startedAt = Date.now();
	const results = new Map<string, Count>();
	for (const isLater of [false, true]) {
		const waiting = names.filter((name) => (STEPS[name]?.later ?? false) === isLater);
		const runNext = async (): Promise<void> => {
			const name = waiting.shift();
			if (name === undefined) return;
			results.set(name, await runStep(name, isChanged));
			await runNext();
		};
		await Promise.all(Array.from({ length: SIDE_BY_SIDE }, runNext));
	}
	const failedSteps = names.filter((name) => results.get(name)?.failed !== 0);
	const sum = (of: keyof Count) => [...results.values()].reduce((all, count) => all + count[of], 0);
	const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
	const left = isChanged ? ' Only what changed since main was tested: npm test runs everything.' : '';
	const end = failedSteps.length === 0 ? `Every step passed.${left}` : `Failed: ${failedSteps.join(', ')}.`;
	console.log(`\n${minutes} minutes. ${end}\n${sum('passed')} passed, ${sum('failed')} failed`);
	return failedSteps.length === 0 && sum('passed') > 0;
}

/** Run one step and show its output when it failed. */
async function runStep(name: string, isChanged: boolean): Promise<Count> {
	const { proves, runs } = STEPS[name] as Step;
	const report = path.join(logs, `${name}.json`);
	const log = path.join(logs, `${name}.log`);
	const command =
		'turbo' in runs
			? ['turbo', 'run', '--continue', '--output-logs=errors-only', runs.turbo]
			: ['vitest', 'run', ...runs.vitest, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
	if ('vitest' in runs && isChanged) command.push(`--changed=${mainBranch()}`, '--passWithNoTests');
	const run = await runWithProgress(`${name} (${proves})`, ['pnpm', 'exec', ...command], {
		cwd: root,
		env: { ...process.env, CI: 'true', FORCE_COLOR: '0', NO_COLOR: '1' },
		words: { good: 'passed', bad: 'failed' },
	});
	writeFileSync(log, run.output);
	if (run.code !== 0) {
		const lines = run.output.trimEnd().split('\n');
		console.log(`\n${name}: the last ${SHOWN_LINES} lines at most; all of it: ${path.relative(root, log)}`);
		console.log(lines.slice(-SHOWN_LINES).join('\n'));
	}
	if ('vitest' in runs) return countTests(report, run.code, { isEmptyFine: isChanged });
	return { passed: Number(run.code === 0), failed: Number(run.code !== 0) };
}

/** The branch that changes are compared with: in a clone of a pull request, main is known by its remote only. */
function mainBranch(): string {
	const { status } = spawnSync('git', ['rev-parse', '--verify', '--quiet', 'main'], { cwd: root });
	return status === 0 ? 'main' : 'origin/main';
}

/**
 * The tests of a vitest run, from its JSON report.
 *
 * @param report path; missing when vitest did not come so far
 * @param code vitest's exit code
 * @returns a run that failed beside its tests (a file that does not load, an error nobody caught, no tests at all) has one failure
 *   more, so that it never counts as passed
 */
export function countTests(report: string, code: number, { isEmptyFine = false } = {}): Count {
	if (!existsSync(report)) return { passed: 0, failed: Number(code !== 0 || !isEmptyFine) };
	const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(readFileSync(report, 'utf8'));
	const isBroken = (code !== 0 && failed === 0) || (passed + failed === 0 && !isEmptyFine);
	return { passed, failed: failed + Number(isBroken) };
}
