import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installOnce, SetupError } from '../install/install.mjs';
import { bringTools } from './bring-tools.mjs';
import { runInForeground } from './run-in-foreground.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What each root command runs once Node, pnpm and the dependencies are there. */
const TASKS = {
	start: ['node', '--conditions=@instagram-insights/source', path.join(root, 'apps/playground/src/start.ts')],
	test: ['node', path.join(root, 'scripts/run-tests.ts')],
	release: ['node', path.join(root, 'scripts/release/release.ts')],
	tool: [],
};

/**
 * Set up what is missing, then hand over to the command.
 *
 * @param {readonly string[]} argv `start`, `test`, `release` or `tool`, then the command's own arguments
 * @returns {Promise<void>} when the command has ended; its exit code is this process's
 */
export async function main([name = '', ...given]) {
	try {
		const task = TASKS[/** @type {keyof typeof TASKS} */ (name)];
		if (!task) throw new SetupError(`Unknown command "${name}": use one of ${Object.keys(TASKS).join(', ')}.`);
		const args = name === 'tool' && given[0] === '--' ? given.slice(1) : given;
		if (name === 'tool' && args.length === 0)
			throw new SetupError('Say which command to run: npm run tool -- pnpm exec vitest run --project core');

		checkNpm();
		const env = await bringTools(root);
		await installOnce('Installing the dependencies', root, {
			marker: path.join(root, '.local/workspace.hash'),
			files: manifests(),
			env,
			limitMinutes: 15,
		});
		// A developer's tool owns the terminal and gets Ctrl-C from it; our own commands get it from us, even without a terminal.
		process.exitCode = await runInForeground([...task, ...args], env, { ownsTerminal: name === 'tool' });
	} catch (error) {
		if (!(error instanceof SetupError)) throw error;
		console.error(error.message);
		process.exitCode = 1;
	}
}

/**
 * Refuse an npm that cannot bring the tools. npm names itself in the environment of the scripts it runs; started any other way,
 * npm is asked.
 *
 * @throws {SetupError} npm is missing or older than 10
 */
function checkNpm() {
	const [, itself] = /^npm\/(\S+)/.exec(process.env.npm_config_user_agent ?? '') ?? [];
	const version = itself ?? spawnSync('npm --version', { shell: true, encoding: 'utf8' }).stdout?.trim();
	if (!version) throw new SetupError('npm was not found: install Node 20.20 or newer with its npm and try again.');
	if (Number.parseInt(version, 10) >= 10) return;
	throw new SetupError(
		`npm ${version} is too old for this project: run "npm install --global npm@11" (npm 10 is the oldest that works) and try again.`,
	);
}

function manifests() {
	const packages = ['packages', 'apps'].flatMap((folder) =>
		readdirSync(path.join(root, folder)).map((name) => path.join(root, folder, name, 'package.json')),
	);
	const own = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'].map((name) => path.join(root, name));
	return [...own, ...packages].filter((file) => existsSync(file));
}
