import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox } from '@instagram-insights/graph-sandbox';
import type { BrowserContext, Page } from 'playwright-core';
import { readExampleWorkflows } from './example-workflows.ts';
import { fillN8n } from './fill-n8n.ts';
import { ROOT } from './folders.ts';
import { openBrowser } from './n8n/browser.ts';
import { freePort } from './n8n/free-port.ts';
import { installN8n } from './n8n/install-n8n.ts';
import { createN8nApi, OWNER } from './n8n/n8n-api.ts';
import { buildNodes, placeNodes } from './n8n/place-nodes.ts';
import { startN8n } from './n8n/start-n8n.ts';

/** Photographs the nodes in the editor of a real n8n, into docs/images or the folder given as argument. */
const target = path.resolve(process.argv[2] ?? path.join(ROOT, 'docs/images'));
const folder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-pictures-'));
const stops: (() => Promise<unknown>)[] = [];

try {
	mkdirSync(target, { recursive: true });
	const program = await installN8n();
	await buildNodes();
	await placeNodes(path.join(folder, 'n8n'));
	const sandbox = await startSandbox();
	stops.unshift(() => sandbox.stop());
	const n8n = await startN8n({ program, userFolder: path.join(folder, 'n8n'), port: await freePort() });
	stops.unshift(() => n8n.stop());
	const api = createN8nApi(n8n.url);
	await api.logIn();
	const examples = readExampleWorkflows();
	const workflows = await fillN8n(api, sandbox, { stateFolder: folder, examples });
	const browser = await openBrowser(path.join(folder, 'browser'));
	stops.unshift(() => browser.close());
	await logIn(browser, n8n.url);
	for (const [key, workflow] of workflows) {
		const node = workflow.nodes.find(({ type }) => type.startsWith('n8n-nodes-instagram-insights.'));
		if (node === undefined) continue;
		const page = await browser.newPage();
		await page.goto(`${n8n.url}/workflow/${workflow.id}`, { waitUntil: 'domcontentloaded' });
		await photographWorkflow(page, node.name, key);
		await page.close();
	}
	console.log(`Pictures are in ${target}`);
} finally {
	for (const stop of stops) await stop();
	rmSync(folder, { recursive: true, force: true });
}

async function logIn(browser: BrowserContext, url: string): Promise<void> {
	const answer = await browser.request.post(`${url}/rest/login`, {
		data: { emailOrLdapLoginId: OWNER.email, password: OWNER.password },
	});
	if (!answer.ok()) throw new Error(`n8n refused the login: ${answer.status()}`);
}

/** The canvas, then the node's panel with the result of a step run beside it. */
async function photographWorkflow(page: Page, nodeName: string, key: string): Promise<void> {
	const node = page.locator(`[data-test-id="canvas-node"][data-node-name="${nodeName}"]`).first();
	await node.waitFor({ timeout: 60_000 });
	await node.locator('img').first().waitFor({ timeout: 30_000 });
	await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
	await page.evaluate(() => document.fonts.ready);
	await page.screenshot({ path: path.join(target, `${key}-canvas.png`) });
	await node.dblclick();
	await page.locator('[data-test-id="parameter-input"]').first().waitFor({ timeout: 20_000 });
	await page.locator('[data-test-id="node-execute-button"]').first().click();
	await page
		.locator('[data-test-id="ndv-run-data"], [data-test-id="ndv-data-container"]')
		.last()
		.waitFor({ timeout: 30_000 });
	await page
		.getByText(/\d+ items?/)
		.last()
		.waitFor({ timeout: 30_000 });
	const table = page.locator('[data-test-id="radio-button-table"]').last();
	if (await table.isVisible()) await table.click();
	const toast = page.locator('.el-notification__closeBtn');
	if (await toast.first().isVisible()) await toast.first().click();
	await toast.first().waitFor({ state: 'hidden' });
	await page.screenshot({ path: path.join(target, `${key}-panel.png`) });
	console.log(`${key}: canvas and panel`);
}
