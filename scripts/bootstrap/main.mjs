import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installOnce, SetupError } from '../install/install.mjs';
import { withLock } from '../install/with-lock.mjs';
import { bringTools } from './bring-tools.mjs';
import { runInForeground } from './run-in-foreground.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What each root command runs once Node, pnpm and the dependencies are there. */
const TASKS = {
	start: ['node', '--conditions=@instagram-insights/source', path.join(root, 'apps/playground/src/start.ts')],
	test: ['node', path.join(root, 'scripts/run-tests.ts')],
	release: ['pnpm', '--dir', root, 'run', 'check-release'],
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

		// npm names itself in the environment of the scripts it runs.
		const [, npm = '10'] = /^npm\/(\d+)/.exec(process.env.npm_config_user_agent ?? '') ?? [];
		if (Number(npm) < 10)
			throw new SetupError(`npm ${npm} is too old for this project: run "npm install --global npm@11" and try again.`);
		const env = await withLock(root, async () => {
			const withTools = await bringTools(root);
			await installOnce('Installing the dependencies', root, {
				marker: path.join(root, '.local/workspace.hash'),
				files: [path.join(root, 'pnpm-lock.yaml')],
				env: withTools,
			});
			return withTools;
		});
		// A developer's tool owns the terminal and gets Ctrl-C from it; our own commands get it from us, even without a terminal.
		process.exitCode = await runInForeground([...task, ...args], env, { ownsTerminal: name === 'tool' });
	} catch (error) {
		if (!(error instanceof SetupError)) throw error;
		console.error(error.message);
		process.exitCode = 1;
	}
}
