import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox } from '@instagram-insights/graph-sandbox';
import { readExampleWorkflows } from './example-workflows.ts';
import { fillN8n, sandboxCredentials } from './fill-n8n.ts';
import { LOCAL, ROOT } from './folders.ts';
import { freePort } from './n8n/free-port.ts';
import { buildNodes, installN8n, placeNodes } from './n8n/install-n8n.ts';
import { createN8nApi, type N8nNode, type N8nWorkflow } from './n8n/n8n-api.ts';
import { startN8n } from './n8n/start-n8n.ts';
import { openBrowser, openCamera } from './screenshots-camera.ts';
import { keepResult, NODE_NAMES, panels, RESULTS, workflowOf } from './screenshots-panels.ts';
import { RELAY_ADMIN_TOKEN, startRelay } from './start-relay.ts';

/**
 * Photographs every panel of the nodes, the credential forms and the relay's dashboard, in a real n8n, into
 * `.local/pictures`; those of the documentation go into `docs/images` too. A word as argument takes only the pictures
 * whose names hold it.
 */
const wanted = process.argv[2] ?? '';
const pictures = path.join(LOCAL, 'pictures');
const documentation = path.join(ROOT, 'docs/images');
const folder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-pictures-'));
const stops: (() => Promise<unknown>)[] = [];

/** Without a form of n8n's own there is no browser sign-in to show here: their fields are enough. */
const OAUTH2 = ['instagramInsightsOAuth2Api', 'instagramInsightsFacebookOAuth2Api'];

try {
	mkdirSync(pictures, { recursive: true });
	const program = await installN8n();
	await buildNodes();
	await placeNodes(path.join(folder, 'n8n'));
	const sandbox = await startSandbox();
	stops.unshift(() => sandbox.stop());
	const n8n = await startN8n({ program, userFolder: path.join(folder, 'n8n'), port: await freePort() });
	stops.unshift(() => n8n.stop());
	const api = createN8nApi(n8n.url);
	await api.logIn();
	const browser = await openBrowser(path.join(folder, 'browser'));
	stops.unshift(() => browser.close());
	const camera = await openCamera(browser, n8n.url, pictures);

	const credentials = new Map<string, string>();
	for (const { type, name, data } of sandboxCredentials(sandbox)) {
		credentials.set(type, (await api.createCredential(name, type, data)).id);
	}
	for (const type of OAUTH2) {
		const data = { clientId: 'your app', clientSecret: 'sandbox' };
		credentials.set(type, (await api.createCredential(type, type, data)).id);
	}
	for (const panel of panels(sandbox)) {
		if (!panel.name.includes(wanted)) continue;
		const { id } = await api.createWorkflow(workflowOf(panel, credentials));
		const file = await camera.panel(id, panel);
		if (panel.documented === true) copyFileSync(file, path.join(documentation, path.basename(file)));
	}
	for (const [type, id] of credentials) {
		if (`credential-${type}`.includes(wanted)) await camera.credential(id, `credential-${type}`);
	}
	if ('canvas'.includes(wanted)) {
		const examples = readExampleWorkflows();
		const workflows = await fillN8n(api, sandbox, { stateFolder: folder, examples });
		for (const [key, { id, nodes }] of workflows) {
			const own = nodes.find(({ type }) => type.startsWith('n8n-nodes-instagram-insights.'));
			if (own !== undefined) await camera.canvas(id, own.name, `canvas-${key}`);
		}
	}
	if ('report'.includes(wanted)) {
		const parameters = { resource: 'report', operation: 'create', dateRange: 'last28Days', locale: 'en-US' };
		const shown = { name: 'report', type: 'instagramInsights', parameters, run: 'none' } as const;
		const run = await api.run(await api.createWorkflow(workflowOf(shown, credentials)), 'Start');
		const html = String(run.items(NODE_NAMES.instagramInsights)[0]?.json.html);
		const mail = await camera.report(html, 'report-mail', { width: 700, scheme: 'light' });
		const dark = await camera.report(html, 'report-phone-dark', { width: 360, scheme: 'dark' });
		for (const file of [mail, dark]) copyFileSync(file, path.join(documentation, path.basename(file)));
	}
	for (const result of RESULTS) {
		if (!result.name.includes(wanted)) continue;
		const agency = { accessToken: 'EAA-sandbox-agency', changesBaseUrl: true, baseUrl: sandbox.facebookUrl };
		const { id } = await api.createCredential('Agency', 'instagramInsightsFacebookApi', agency);
		const file = await camera.table(
			await keepResult(api, result, new Map([...credentials, ['instagramInsightsFacebookApi', id]])),
			result.name,
		);
		copyFileSync(file, path.join(documentation, path.basename(file)));
	}
	if ('workflow-report'.includes(wanted)) {
		const example = path.join(ROOT, 'packages/n8n-nodes-instagram-insights/examples/monday-report-by-mail.json');
		const mail = await api.createCredential('Mail', 'smtp', { host: '127.0.0.1', port: 25, secure: false });
		const workflow = JSON.parse(readFileSync(example, 'utf8')) as N8nWorkflow;
		const nodes = workflow.nodes.flatMap((node): N8nNode[] => {
			if (node.type.endsWith('.stickyNote')) return [];
			if (node.type.endsWith('.instagramInsights')) {
				const own = { id: credentials.get('instagramInsightsApi') ?? '', name: 'Instagram' };
				return [{ ...node, credentials: { instagramInsightsApi: own } }];
			}
			if (!node.type.endsWith('.emailSend')) return [node];
			const parameters = { ...node.parameters, fromEmail: 'me@example.com', toEmail: 'client@example.com' };
			return [{ ...node, parameters, credentials: { smtp: mail } }];
		});
		const { id } = await api.createWorkflow({ ...workflow, nodes });
		const file = await camera.workflow(id, 'Last Week', 'workflow-report');
		copyFileSync(file, path.join(documentation, path.basename(file)));
	}
	if (['relay-dashboard', 'relay-add-workflow'].some((name) => name.includes(wanted))) {
		const shown = await startShownSubscribers();
		stops.unshift(async () => shown.close());
		const { subscribers } = shown;
		const relay = await startRelay({ port: await freePort(), folder: path.join(folder, 'relay'), subscribers });
		stops.unshift(() => relay.stop());
		await sandbox.emit({ url: relay.callbackUrl, shape: 'all' });
		for (const scheme of ['light', 'dark'] as const) {
			const file = await camera.dashboard(relay.url, RELAY_ADMIN_TOKEN, scheme);
			if (scheme === 'light') copyFileSync(file, path.join(documentation, path.basename(file)));
		}
		const form = await camera.addWorkflow(relay.url, RELAY_ADMIN_TOKEN, 'relay-add-workflow');
		copyFileSync(form, path.join(documentation, path.basename(form)));
	}
	console.log(`Pictures are in ${path.relative(process.cwd(), pictures)}`);
} finally {
	for (const stop of stops) await stop();
	rmSync(folder, { recursive: true, force: true });
}

/** Stand-ins for two workflows: one that answers as n8n does, one whose n8n is starting. */
async function startShownSubscribers() {
	const server = createServer((request, response) => {
		request.resume();
		if (request.url === '/starting') response.end('n8n is starting up. Please wait');
		else response.setHeader('content-type', 'application/json').end('{"message":"Workflow was started"}');
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		subscribers: { 'comments-to-sheet': `${origin}/`, 'alerts-to-telegram': `${origin}/starting` },
		close: () => server.close(),
	};
}
