// The step `release` of `npm test`, and the first half of `npm run release`: packs what goes to npm into .local/release and says
// what would keep it from being published. Needs the build.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { checkChangesets, readChangesets } from './changesets.mjs';
import { checkWorkflow } from './check-workflow.mjs';
import { filesToWrite } from './owner.mjs';
import { publishedPackages } from './published-packages.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const packed = path.join(root, '.local/release');
const packages = publishedPackages(root);

const WORKFLOW = '.github/workflows/release.yml';
const GUIDE = 'docs/releasing.md';
/** What the owner attaches to n8n's form. */
const attached = [...readFileSync(path.join(root, GUIDE), 'utf8').matchAll(/`([\w-]+\.(json|png))`/g)]
	.filter(([, name]) => name !== 'package.json')
	.map(
		([, name, kind]) => (kind === 'png' ? 'docs/images/' : 'packages/n8n-nodes-instagram-insights/examples/') + name,
	);
const names = packages.map(({ manifest }) => manifest.name);
const faults = [
	...[...filesToWrite(root).keys()].map(
		(file) =>
			`${file}: not the author and repository of package.json; run npm run tool -- node scripts/release/owner.mjs`,
	),
	...checkWorkflow(readFileSync(path.join(root, WORKFLOW), 'utf8')).map((fault) => `${WORKFLOW}: ${fault}`),
	...checkChangesets(readChangesets(root), names),
	...attached
		.filter((file) => !existsSync(path.join(root, file)))
		.map((file) => `${GUIDE}: ${file} does not exist; name another file`),
];

rmSync(packed, { recursive: true, force: true });
mkdirSync(packed, { recursive: true });
for (const { folder } of packages) {
	execFileSync('pnpm', ['pack', '--pack-destination', packed], { cwd: path.join(root, folder), stdio: 'pipe' });
}
for (const file of readdirSync(packed)) {
	const { buffer } = new Uint8Array(readFileSync(path.join(packed, file)));
	const { messages, pkg } = await publint({ pack: { tarball: buffer }, level: 'warning', strict: true });
	faults.push(...messages.map((message) => `${file}: ${formatMessage(message, pkg, { color: false })}`));
	const types = ['attw', path.join(packed, file), '--profile=esm-only', '--format=ascii', '--no-emoji', '--no-color'];
	const { status, stdout, stderr } = spawnSync('pnpm', ['exec', ...types], { cwd: root, encoding: 'utf8' });
	if (status !== 0) faults.push(`${file}: its types do not resolve for ES modules\n${stdout}${stderr}`);
	console.log(`Packed and checked ${file}`);
}

if (packages.length === 0) faults.push('packages and apps hold no package to publish');

for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
