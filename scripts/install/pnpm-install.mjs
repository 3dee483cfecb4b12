import { SetupError } from '../bootstrap/setup-error.mjs';
import { explainInstallFailure, tellsUnreachable } from './explain-install-failure.mjs';
import { runWithProgress } from './run-with-progress.mjs';

const GIVE_UP_AFTER_MS = 20_000;

/**
 * `pnpm install` exactly as the lockfile says, without questions, with one line of progress.
 *
 * @param {string} label what is being installed, for the progress line
 * @param {string} folder holds `package.json`, `pnpm-lock.yaml` and `pnpm-workspace.yaml`
 * @param {{ env: NodeJS.ProcessEnv, limitMinutes: number }} options `env` has pnpm on its path
 * @throws {SetupError} pnpm failed; the message says how to go on
 */
export async function pnpmInstall(label, folder, { env, limitMinutes }) {
	const run = await runWithProgress(label, ['pnpm', 'install', '--frozen-lockfile', '--reporter=append-only'], {
		cwd: folder,
		env: { ...env, ...SETTINGS, ...registryOf(env) },
		limitMinutes,
		read: readPnpmLine,
		giveUp: watchForDeadRegistry(),
	});
	if (run.code !== 0) throw new SetupError(explainInstallFailure(label, run));
}

/**
 * CI keeps pnpm from asking questions. Compiling uses every core. The lockfile is committed and carries every package's integrity, so it is not looked up again
 * entry by entry. The pauses between retries are short enough to notice a registry that is not there.
 */
const SETTINGS = {
	CI: 'true',
	npm_config_jobs: 'max',
	pnpm_config_trust_lockfile: 'true',
	pnpm_config_fetch_retries: '4',
	pnpm_config_fetch_retry_factor: '2',
	pnpm_config_fetch_retry_mintimeout: '2000',
	pnpm_config_fetch_retry_maxtimeout: '20000',
};

/**
 * pnpm reads npm's files but not npm's environment.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
function registryOf({ npm_config_registry }) {
	return npm_config_registry ? { pnpm_config_registry: npm_config_registry } : {};
}

/**
 * pnpm's many lines, in a few words.
 *
 * @param {string} line
 * @returns {string | undefined} what is going on; undefined when the line says nothing new
 */
export function readPnpmLine(line) {
	const added = /^Progress: resolved (\d+), .*added (\d+)/.exec(line);
	if (added) return `${added[2]} of ${added[1]} packages`;
	const building = /node_modules\/([\w@/.-]+) (?:pre|post)?install\$/.exec(line);
	if (building) return `building ${building[1]} (may take two minutes)`;
	return undefined;
}

/**
 * pnpm tries each of its many packages again for a long while. When nothing but refusals came for some time, nobody is there.
 *
 * @param {() => number} [now]
 * @returns {(line: string) => boolean} whether to give up, asked with each line of output
 */
export function watchForDeadRegistry(now = Date.now) {
	let lastProgressAt = now();
	let lastProgress = '';
	return (line) => {
		if (line.startsWith('Progress:') && line !== lastProgress) {
			lastProgress = line;
			lastProgressAt = now();
		}
		return tellsUnreachable(line) && now() - lastProgressAt > GIVE_UP_AFTER_MS;
	};
}
