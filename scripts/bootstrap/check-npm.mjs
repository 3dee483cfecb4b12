import { spawnSync } from 'node:child_process';
import { SetupError } from './setup-error.mjs';

const OLDEST_NPM_MAJOR = 10;

/**
 * Refuse an npm that cannot bring the tools.
 *
 * npm names itself in the environment of the scripts it runs; started any other way, npm is asked.
 *
 * @throws {SetupError} npm is missing or older than 10
 */
export function checkNpm() {
	const version = npmThatStartedUs() ?? npmOnPath();
	if (!version) throw new SetupError('npm was not found: install Node 20.20 or newer with its npm and try again.');
	if (Number.parseInt(version, 10) < OLDEST_NPM_MAJOR) {
		throw new SetupError(
			`npm ${version} is too old for this project: run "npm install --global npm@11" (npm 10 is the oldest that works) and try again.`,
		);
	}
}

function npmThatStartedUs() {
	return /^npm\/(\S+)/.exec(process.env.npm_config_user_agent ?? '')?.[1];
}

function npmOnPath() {
	const asked = spawnSync('npm --version', { shell: true, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
	return asked.status === 0 ? asked.stdout.trim() : undefined;
}
