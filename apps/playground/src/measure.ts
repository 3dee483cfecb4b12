// Measures the playground and the package in a real n8n and writes MEASURES.md:
//   npm run tool -- node --conditions=@instagram-insights/source apps/playground/src/measure.ts

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { buildRelay, removeFolder, startCollectingRelay } from '../../webhook-relay/bench/bench-relay.ts';
import { load } from '../../webhook-relay/bench/processes.ts';
import { NODES_PACKAGE, ROOT } from './folders.ts';
import { bundleSizes, type N8nStart, n8nStarts, npmStartSeconds, packageLoadMs } from './measure/package-cost.ts';
import { type Compared, thousandMedia } from './measure/thousand-media.ts';
import { freePort } from './n8n/free-port.ts';
import { buildNodes, installN8n, placeNodes } from './n8n/install-n8n.ts';
import { createN8nApi } from './n8n/n8n-api.ts';
import { startN8n } from './n8n/start-n8n.ts';
import { until } from './until.ts';

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
	starts: { with: N8nStart; without: N8nStart; added: N8nStart };
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
| what the package adds to that (median of the five differences) | ${s(measured.starts.added.ms)}, ${s(measured.starts.added.processorMs)} of processor time |
| loading every file of the package in a process that has n8n-workflow and zod (median of 15) | ${measured.loadMs.toFixed(0)} ms |

Time by the clock includes what other programs did meanwhile, so the difference between the two starts of n8n is rough; processor time hardly depends on them.

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

type WebhookRate = { readonly perSecond: number; readonly p99Ms: number };

/**
 * Webhooks answered a second with 32 senders: by the relay, stored and synced, and by n8n's own Webhook node that answers at
 * once.
 */
async function webhookRates(program: string): Promise<{ relay: WebhookRate; n8n: WebhookRate }> {
	buildRelay();
	const relay = await startCollectingRelay();
	const job = { ports: [relay.port], path: '/webhooks/instagram', connections: 32 };
	await load({ ...job, requests: 5000, tag: 'warm' });
	const ours = await load({ ...job, requests: 20_000, tag: 'rate' });
	await relay.stop();
	removeFolder(relay.folder);

	const userFolder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-measure-'));
	const n8n = await startN8n({ program, userFolder, port: await freePort() });
	try {
		const api = createN8nApi(n8n.url);
		await api.logIn();
		const workflow = await api.createWorkflow({
			name: 'webhook',
			settings: { executionOrder: 'v1' },
			nodes: [
				{
					id: 'webhook',
					name: 'Webhook',
					type: 'n8n-nodes-base.webhook',
					typeVersion: 2,
					position: [0, 0],
					webhookId: crypto.randomUUID(),
					parameters: { httpMethod: 'POST', path: 'measured', responseMode: 'onReceived', options: {} },
				},
			],
			connections: {},
		});
		await api.activate(workflow);
		const url = `${n8n.url}/webhook/measured`;
		await until('the webhook', async () => (await fetch(url, { method: 'POST' })).ok);
		const ports = [Number(new URL(n8n.url).port)];
		const theirs = await load({ ports, path: '/webhook/measured', connections: 32, requests: 400, tag: 'n8n' });
		return { relay: rateOf(ours), n8n: rateOf(theirs) };
	} finally {
		await n8n.stop();
		rmSync(userFolder, { recursive: true, force: true });
	}
}

function rateOf({ ok, other, seconds, p99 }: Awaited<ReturnType<typeof load>>): WebhookRate {
	if (other > 0) throw new Error(`${other} answers were not 200`);
	return { perSecond: ok / seconds, p99Ms: p99 };
}
