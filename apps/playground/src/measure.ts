import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
// Measures the playground and the package in a real n8n and writes MEASURES.md:
//   npm run tool -- node --conditions=@instagram-insights/source apps/playground/src/measure.ts
import path from 'node:path';
import { NODES_PACKAGE, ROOT } from './folders.ts';
import { bundleSizes, type N8nStart, n8nStarts, npmStartSeconds, packageLoadMs } from './measure/package-cost.ts';
import { type Compared, thousandMedia } from './measure/thousand-media.ts';
import { type WebhookRate, webhookRates } from './measure/webhook-rate.ts';
import { buildNodes, installN8n, placeNodes } from './n8n/install-n8n.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-measure-'));
try {
	const program = await installN8n();
	await buildNodes();
	const sizes = bundleSizes(NODES_PACKAGE);
	await placeNodes(path.join(folder, 'load'));
	const loadMs = packageLoadMs(program, path.join(folder, 'load'));
	console.log(`loading the package: ${loadMs.toFixed(0)} ms; now starting n8n eleven times`);
	const starts = await n8nStarts(program);
	console.log(`n8n starts: ${JSON.stringify(starts)}; now 1,000 media, by the node and by HTTP Request`);
	const media = await thousandMedia(program);
	console.log(`${JSON.stringify(media)}; now webhooks a second`);
	const rates = await webhookRates(program);
	console.log(`${JSON.stringify(rates)}; now npm start in a fresh clone, three times`);
	const [first = 0, second = 0, third = 0] = await npmStartSeconds(path.join(folder, 'start'));
	const text = report({ sizes, loadMs, starts, media, rates, first, second, third });
	writeFileSync(path.join(ROOT, 'apps/playground/MEASURES.md'), text);
	console.log(text);
} finally {
	rmSync(folder, { recursive: true, force: true });
}

function report(measured: {
	sizes: ReturnType<typeof bundleSizes>;
	loadMs: number;
	starts: { with: N8nStart; without: N8nStart };
	media: readonly Compared[];
	rates: { relay: WebhookRate; n8n: WebhookRate };
	first: number;
	second: number;
	third: number;
}): string {
	const manifest = JSON.parse(readFileSync(path.join(ROOT, 'apps/playground/n8n/package.json'), 'utf8'));
	const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
	const kB = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
	const s = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
	const start = ({ ms, megabytes }: N8nStart) => `${s(ms)}, ${megabytes.toFixed(0)} MB`;
	const media = measured.media.map(
		({ latencyMs, node, httpRequest }) =>
			`| ${latencyMs} ms | ${s(node.ms)}, ${node.requests} requests | ${s(httpRequest.ms)}, ${httpRequest.requests} requests | 1/${(httpRequest.ms / node.ms).toFixed(1)} |`,
	);
	const rate = ({ perSecond, p99Ms }: WebhookRate) => `${perSecond.toFixed(0)} | ${p99Ms.toFixed(0)} ms`;
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
| n8n alone until its editor answers, package installed (median of 5) | ${start(measured.starts.with)} |
| n8n alone until its editor answers, without the package (median of 5, in turns) | ${start(measured.starts.without)} |
| loading every file of the package in a process that has n8n-workflow and zod (median of 15) | ${measured.loadMs.toFixed(0)} ms |

| 1,000 media with eight metrics in n8n (median of 3, in turns), when Meta answers in | this package's node | n8n's HTTP Request node, listing then asking for each | share of the time |
| --- | --- | --- | --- |
${media.join('\n')}

| Webhooks with 32 senders | answered a second | p99 |
| --- | --- | --- |
| the relay, each stored and synced before its answer | ${rate(measured.rates.relay)} |
| n8n's own Webhook node, answering at once | ${rate(measured.rates.n8n)} |
| the relay beside n8n | ${(measured.rates.relay.perSecond / measured.rates.n8n.perSecond).toFixed(0)} × | |

| Built file | Size | Compressed |
| --- | --- | --- |
${rows.join('\n')}
`;
}
