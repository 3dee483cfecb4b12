// Measures the playground and the package in a real n8n and writes MEASURES.md:
//   npm run tool -- node --conditions=@instagram-insights/source apps/playground/src/measure.ts
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { NODES_PACKAGE, ROOT } from './folders.ts';
import { bundleSizes } from './measure/bundle-sizes.ts';
import { packageLoadMs } from './measure/load-time.ts';
import { n8nStartMs } from './measure/n8n-start-time.ts';
import { npmStartSeconds } from './measure/npm-start-time.ts';
import { installN8n } from './n8n/install-n8n.ts';
import { buildNodes, placeNodes } from './n8n/place-nodes.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-measure-'));
try {
	const program = await installN8n();
	await buildNodes();
	const sizes = bundleSizes(NODES_PACKAGE);
	await placeNodes(path.join(folder, 'load'));
	const loadMs = packageLoadMs(program, path.join(folder, 'load'));
	console.log(`loading the package: ${loadMs.toFixed(0)} ms; now starting n8n eleven times`);
	const startMs = await n8nStartMs(program);
	console.log(`n8n starts: ${JSON.stringify(startMs)} ms; now npm start in a fresh clone, three times`);
	const [first = 0, second = 0, third = 0] = await npmStartSeconds(path.join(folder, 'start'));
	const text = report({ sizes, loadMs, startMs, first, second, third });
	writeFileSync(path.join(ROOT, 'apps/playground/MEASURES.md'), text);
	console.log(text);
} finally {
	rmSync(folder, { recursive: true, force: true });
}

function report(measured: {
	sizes: ReturnType<typeof bundleSizes>;
	loadMs: number;
	startMs: { with: number; without: number };
	first: number;
	second: number;
	third: number;
}): string {
	const manifest = JSON.parse(readFileSync(path.join(ROOT, 'apps/playground/n8n/package.json'), 'utf8'));
	const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
	const kB = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
	const s = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
	const rows = measured.sizes.map(
		({ file, bytes, gzipBytes }) => `| \`${path.basename(file)}\` | ${kB(bytes)} | ${kB(gzipBytes)} |`,
	);
	return `# Measures

Written by \`src/measure.ts\` on ${new Date().toISOString().slice(0, 10)} at commit ${commit}, with n8n ${manifest.dependencies.n8n} and Node ${process.versions.node}, on a machine with ${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GB.

| What | Measured |
| --- | --- |
| \`npm start\` until ready: fresh clone, nothing cached (Node, pnpm, dependencies and n8n are fetched, its database driver compiled) | ${measured.first.toFixed(0)} s |
| \`npm start\` until ready: second time | ${measured.second.toFixed(0)} s |
| \`npm start\` until ready: third time | ${measured.third.toFixed(0)} s |
| n8n alone until its editor answers, package installed (median of 5) | ${s(measured.startMs.with)} |
| n8n alone until its editor answers, without the package (median of 5, in turns) | ${s(measured.startMs.without)} |
| loading every file of the package in a process that has n8n-workflow and zod (median of 15) | ${measured.loadMs.toFixed(0)} ms |

| Built file | Size | Compressed |
| --- | --- | --- |
${rows.join('\n')}
`;
}
