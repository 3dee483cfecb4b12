import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runWithProgress } from './run-with-progress.mjs';

/** Something the person at the terminal can fix: its message is one clear sentence and is printed without a stack. */
export class SetupError extends Error {
	/** @override */
	name = 'SetupError';
}

/**
 * Run `pnpm install` exactly as the lockfile says, unless nothing changed since the last time. Call it with a lock on the folder.
 *
 * @param {string} label what is being installed, for the progress line
 * @param {string} folder holds `package.json`, `pnpm-lock.yaml` and `pnpm-workspace.yaml`
 * @param {{ marker: string, files: readonly string[], env: NodeJS.ProcessEnv, prepare?: () => void }} options
 *   `marker` remembers the contents of `files`; `env` has pnpm on its path; `prepare` runs before pnpm
 * @throws {SetupError} pnpm failed; the message says how to go on
 */
export async function installOnce(label, folder, { marker, files, env, prepare = () => {} }) {
	const wanted = hashFiles(files);
	const isThere = existsSync(path.join(folder, 'node_modules/.modules.yaml')) && existsSync(marker);
	if (isThere && readFileSync(marker, 'utf8') === wanted) return;
	prepare();
	const registry = env.npm_config_registry;
	const run = await runWithProgress(label, ['pnpm', 'install', '--frozen-lockfile', '--reporter=append-only'], {
		cwd: folder,
		// pnpm reads npm's files but not npm's environment.
		env: { ...env, ...PNPM_SETTINGS, ...(registry && { pnpm_config_registry: registry }) },
		read: readPnpmLine,
	});
	if (run.code !== 0) throw new SetupError(explainInstallFailure(label, run.output));
	writeFileSync(marker, wanted);
}

/**
 * CI keeps pnpm from asking questions. Compiling uses every core. The lockfile is committed and carries every package's integrity,
 * so pnpm does not look up each entry again. The pauses between retries are short enough to notice an unreachable registry.
 */
const PNPM_SETTINGS = {
	CI: 'true',
	npm_config_jobs: 'max',
	pnpm_config_trust_lockfile: 'true',
	pnpm_config_fetch_retries: '3',
	pnpm_config_fetch_retry_factor: '2',
	pnpm_config_fetch_retry_mintimeout: '2000',
	pnpm_config_fetch_retry_maxtimeout: '10000',
};

/**
 * One fingerprint of several files and of the Node major that uses them: native modules belong to one major.
 *
 * @param {readonly string[]} files absolute paths, in a stable order
 */
function hashFiles(files) {
	const hash = createHash('sha256').update(process.versions.modules);
	for (const file of files) hash.update(readFileSync(file)).update('\0');
	return hash.digest('hex');
}

/**
 * @param {string} line of pnpm's output
 * @returns {string | undefined} a few words for the progress line; undefined when the line says nothing new
 */
export function readPnpmLine(line) {
	const [, resolved, added] = /^Progress: resolved (\d+), .*added (\d+)/.exec(line) ?? [];
	if (resolved) return `${added} of ${resolved} packages`;
	const [, building] = /node_modules\/([\w@/.-]+) (?:pre|post)?install\$/.exec(line) ?? [];
	return building && `building ${building} (may take two minutes)`;
}

/** How npm and pnpm say that the registry did not answer. */
const UNREACHABLE =
	/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ERR_PNPM_META_FETCH_FAIL)\b|error sending request|dns error|tcp connect error|network (?:request|timeout)/i;

/** How node-gyp says that this machine cannot compile. */
const NO_COMPILER =
	/gyp ERR! (?:find Python|stack Error: (?:not found: make|Could not find any Python))|make: (?:g\+\+|cc|c\+\+).*not found|g\+\+: (?:command )?not found/i;

/**
 * Why an install failed and what to do, in one sentence where the cause is known, else with the last lines of output.
 *
 * @param {string} label what was being installed
 * @param {string} output of npm or pnpm
 * @returns {string}
 */
export function explainInstallFailure(label, output) {
	const [unreachable] = UNREACHABLE.exec(output) ?? [];
	if (unreachable)
		return `${label}: the npm registry cannot be reached (${unreachable}); check the network and "npm config get registry", then try again.`;
	if (NO_COMPILER.test(output))
		return `${label}: n8n's database driver has to be compiled here, and a compiler is missing; install python3, make and g++ (Debian: apt-get install python3 build-essential) and try again.`;
	if (/ENOSPC|no space left/i.test(output))
		return `${label}: the disk is full; n8n and its dependencies need about 5 GB.`;
	return `${label}: failed. The last lines were:\n${output.trimEnd().split('\n').slice(-25).join('\n')}`;
}
