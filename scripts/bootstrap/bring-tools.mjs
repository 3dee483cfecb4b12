import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { explainInstallFailure, SetupError } from '../install/install.mjs';
import { runWithProgress } from '../install/run-with-progress.mjs';

const NODE_VERSION = '24.21.0';
const PNPM_VERSION = '12.21.0';
const HOME = path.join(path.dirname(process.execPath), '..');

/**
 * Bring Node 24 (where the running one is not fit) and pnpm into `.local/tools`.
 *
 * @param {string} root the repository
 * @returns {Promise<NodeJS.ProcessEnv>} this process's environment with both first on the path
 * @throws {SetupError} this system needs a Node installed by hand, or the registry did not give the tools
 */
export async function bringTools(root) {
	const folder = path.join(root, '.local/tools');
	const modules = path.join(folder, 'node_modules');
	const node = missingNode();
	const home = node ? path.join(modules, node) : HOME;
	const wanted = { pnpm: PNPM_VERSION, ...(node && { [node]: NODE_VERSION }) };
	const isThere = Object.entries(wanted).every(([name, version]) => {
		const manifest = path.join(modules, name, 'package.json');
		return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
	});
	if (!isThere) await install(folder, wanted);

	return {
		...process.env,
		PATH: [path.join(modules, '.bin'), path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
		// Native modules are compiled against the headers beside this Node; without the setting node-gyp asks nodejs.org for them,
		// and one from the user's own npm configuration may belong to another Node.
		...(hasHeaders(home) && { npm_config_nodedir: home }),
		TURBO_TELEMETRY_DISABLED: '1',
		DO_NOT_TRACK: '1',
	};
}

/**
 * n8n asks for Node 24 or newer; 25 is left out by the test runner and by n8n's sandbox module, which ship for even releases.
 *
 * @returns {string | undefined} the package that carries Node; undefined when the running one will do
 */
function missingNode() {
	const major = Number.parseInt(process.versions.node, 10);
	const isFit = major === 24 || major >= 26;
	const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
	// The npm registry has builds for these systems only (docs/decisions/0001).
	const isBuilt = header.glibcVersionRuntime !== undefined && ['x64', 'arm64'].includes(process.arch);
	if (isFit && (!isBuilt || hasHeaders(HOME))) return undefined;
	if (isBuilt) return `node-linux-${process.arch}`;
	throw new SetupError(
		`This project needs Node 24, but this is Node ${process.versions.node}. Install Node 24 from https://nodejs.org or your system's packages and try again.`,
	);
}

/**
 * n8n's database driver is compiled against the headers beside Node; without them the compiler would fetch some from nodejs.org.
 *
 * @param {string} home of a Node
 */
function hasHeaders(home) {
	return existsSync(path.join(home, 'include/node/node.h'));
}

/**
 * @param {string} folder
 * @param {Record<string, string>} wanted
 */
async function install(folder, wanted) {
	const names = Object.entries(wanted).map(([name, version]) => `${name}@${version}`);
	const label = `Bringing ${names.join(' and ')} into .local/tools (once)`;
	mkdirSync(folder, { recursive: true });
	writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
	const options = ['--save-exact', '--no-audit', '--no-fund', '--fetch-retries=1'];
	const run = await runWithProgress(label, ['npm', 'install', '--prefix', folder, ...options, ...names], {
		cwd: folder,
		env: process.env,
	});
	if (run.code !== 0) throw new SetupError(explainInstallFailure(label, run.output));
	const node = path.join(folder, 'node_modules/.bin/node');
	if (existsSync(node) && spawnSync(node, ['--version']).status !== 0)
		throw new SetupError(`Node ${NODE_VERSION} does not run on this system: install Node 24 by hand and try again.`);
}
