import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import chromium from '@sparticuz/chromium';
import { type BrowserContext, type Locator, type Page, chromium as playwright } from 'playwright-core';
import { OWNER } from './n8n/n8n-api.ts';
import { NODE_NAMES, type Panel } from './screenshots-panels.ts';

/** The docs show pictures as they come: large ones would weigh on every reader. */
const MAX_BYTES = 200_000;

type Camera = {
	/** A node's panel, with the result of its step beside it; and the same in dark mode, as `<name>-dark`. */
	panel(workflowId: string, panel: Panel): Promise<string>;
	/** A workflow as it lies on the canvas. */
	canvas(workflowId: string, node: string, name: string): Promise<string>;
	/** A workflow's nodes alone, small. */
	workflow(workflowId: string, node: string, name: string): Promise<string>;
	/** A Data Table. */
	table(table: { path: string; columns: number; rows: number }, name: string): Promise<string>;
	/** The form of a stored credential; and the same in dark mode, as `<name>-dark`. */
	credential(id: string, name: string): Promise<string>;
	/** The upper part of a report as a mail program shows it. */
	report(html: string, name: string, look: { width: number; scheme: 'light' | 'dark' }): Promise<string>;
	/** The relay's dashboard, signed in. */
	dashboard(url: string, token: string, scheme: 'light' | 'dark'): Promise<string>;
	/** The form that adds a workflow on the relay's dashboard, filled in. */
	addWorkflow(url: string, token: string, name: string): Promise<string>;
};

/** Takes pictures of 1440 × 900 into a folder; each returns the path of its file. */
export async function openCamera(browser: BrowserContext, n8nUrl: string, folder: string): Promise<Camera> {
	const answer = await browser.request.post(`${n8nUrl}/rest/login`, {
		data: { emailOrLdapLoginId: OWNER.email, password: OWNER.password },
	});
	if (!answer.ok()) throw new Error(`n8n refused the login: ${answer.status()}`);

	async function shoot(page: Page, name: string, part?: Locator): Promise<string> {
		await page.evaluate(() => document.fonts.ready);
		await page.mouse.move(1438, 898);
		await stillness(page);
		const file = path.join(folder, `${name}.png`);
		await (part ?? page).screenshot({ path: file });
		const { size } = statSync(file);
		if (size > MAX_BYTES) throw new Error(`${name}.png has ${size} bytes, more than ${MAX_BYTES}`);
		console.log(`${name}: ${Math.round(size / 1000)} kB`);
		return file;
	}

	async function shootBoth(page: Page, name: string): Promise<string> {
		const light = await shoot(page, name);
		await page.emulateMedia({ colorScheme: 'dark' });
		await shoot(page, `${name}-dark`);
		return light;
	}

	async function withPage<T>(url: string, work: (page: Page) => Promise<T>): Promise<T> {
		const page = await browser.newPage();
		try {
			await page.goto(url, { waitUntil: 'domcontentloaded' });
			return await work(page);
		} finally {
			await page.close();
		}
	}

	/** Without the messages that float over the editor for a while. */
	const withEditor = <T>(path: string, work: (page: Page) => Promise<T>) =>
		withPage(`${n8nUrl}${path}`, async (page) => {
			await page.addStyleTag({ content: '.el-notification { display: none !important }' });
			return work(page);
		});

	return {
		panel: (workflowId, { name, type, run, scrolled }) =>
			withEditor(`/workflow/${workflowId}`, async (page) => {
				await openNode(page, NODE_NAMES[type]);
				if (run !== 'none') await execute(page, run);
				if (scrolled === true) {
					const parameters = page.locator('[data-test-id="parameter-input"]:visible');
					await parameters.first().hover();
					await page.mouse.wheel(0, 5000);
					await parameters.last().scrollIntoViewIfNeeded();
				}
				return shootBoth(page, name);
			}),
		canvas: (workflowId, node, name) =>
			withEditor(`/workflow/${workflowId}`, async (page) => {
				await canvasNode(page, node).locator('img').first().waitFor({ timeout: 60_000 });
				return shoot(page, name);
			}),
		workflow: (workflowId, node, name) =>
			withEditor(`/workflow/${workflowId}`, async (page) => {
				await page.setViewportSize({ width: 1000, height: 400 });
				await page.addStyleTag({ content: BARE_CANVAS });
				await canvasNode(page, node).locator('img').first().waitFor({ timeout: 60_000 });
				await page.keyboard.press('1');
				await page.mouse.move(998, 398);
				return shoot(page, name, page.locator('[data-test-id="canvas-wrapper"]'));
			}),
		table: ({ path, columns, rows }, name) =>
			withEditor(path, async (page) => {
				await page.setViewportSize({ width: 155 + 250 * columns, height: 190 + 33 * rows });
				await page.locator('.ag-row, [role="row"]').nth(2).waitFor({ timeout: 60_000 });
				return shoot(page, name);
			}),
		credential: (id, name) =>
			withEditor(`/home/credentials/${id}`, async (page) => {
				await page
					.locator('[data-test-id="credential-edit-dialog"], [data-test-id="editCredential-modal"]')
					.first()
					.waitFor();
				return shootBoth(page, name);
			}),
		report: (html, name, { width, scheme }) =>
			withPage('about:blank', async (page) => {
				await page.setViewportSize({ width, height: 1400 });
				await page.emulateMedia({ colorScheme: scheme });
				await page.setContent(html);
				return shoot(page, name);
			}),
		dashboard: (url, token, scheme) =>
			withPage(`${url}/dashboard`, async (page) => {
				await page.emulateMedia({ colorScheme: scheme });
				await signIn(page, token);
				await page
					.locator('#subscribers')
					.getByText(/failing|on hold/)
					.waitFor();
				await page.locator('#events summary').first().waitFor();
				return shoot(page, `relay-dashboard-${scheme}`);
			}),
		addWorkflow: (url, token, name) =>
			withPage(`${url}/dashboard`, async (page) => {
				await signIn(page, token);
				await page.locator('#add-workflow').click();
				await page.locator('#w-url').fill('https://n8n.example.com/webhook/6b1f2c9e/webhook');
				await page.locator('#w-id').fill('comments-to-sheet');
				await page.locator('#workflow label.choice').filter({ hasText: 'Comment' }).first().click();
				return shoot(page, name, page.locator('#workflow'));
			}),
	};
}

async function signIn(page: Page, token: string): Promise<void> {
	await page.locator('#token').fill(token);
	await page.locator('#sign-in button').click();
	await page.locator('#add-workflow').waitFor();
}

/** Without what lies over the canvas. */
const BARE_CANVAS = `[data-test-id="canvas-controls"], [data-test-id="canvas-minimap"], [data-test-id="execute-workflow-button"],
	[data-test-id="node-creator-plus-button"], [data-test-id="view-selector"],
	[class*="nodeButtonsWrapper"], [class*="tabBar"], [data-test-id="radio-button-workflow"], [class*="tab-bar"] { display: none !important }`;

const canvasNode = (page: Page, name: string) =>
	page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).first();

async function openNode(page: Page, name: string): Promise<void> {
	const node = canvasNode(page, name);
	await node.waitFor({ timeout: 60_000 });
	await node.dblclick();
	await page.locator('[data-test-id="parameter-input"]').first().waitFor({ timeout: 20_000 });
}

async function execute(page: Page, result: 'table' | 'error'): Promise<void> {
	await page.locator('[data-test-id="node-execute-button"]').first().click();
	if (result === 'error') {
		await page
			.locator('[data-test-id="node-error-message"], .node-error-view, [class*="nodeErrorView"]')
			.first()
			.waitFor();
	} else {
		await page
			.getByText(/\d+ items?/)
			.last()
			.waitFor({ timeout: 30_000 });
		const table = page.locator('[data-test-id="radio-button-table"]').last();
		if (await table.isVisible()) await table.click();
	}
}

/** Waits until two looks in a row are the same: nothing fades, spins or slides. */
async function stillness(page: Page): Promise<void> {
	let last = '';
	for (let looks = 0; looks < 30; looks += 1) {
		const look = (await page.screenshot()).toString('base64');
		if (look === last) return;
		last = look;
		await page.waitForTimeout(150);
	}
}

const SYSTEM_CHROMIUM = '/usr/bin/chromium';
const QUIET = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/**
 * A headless Chromium that reaches nothing but this machine: the system's own where there is one, else the one from the npm
 * registry (Linux x64).
 *
 * @param profile an empty folder
 */
export async function openBrowser(profile: string): Promise<BrowserContext> {
	const own = existsSync(SYSTEM_CHROMIUM);
	const context = await playwright.launchPersistentContext(profile, {
		executablePath: own ? SYSTEM_CHROMIUM : await chromium.executablePath(),
		args: own ? QUIET : [...chromium.args, ...QUIET],
		headless: true,
		viewport: { width: 1440, height: 900 },
		colorScheme: 'light',
	});
	// Refused at once instead of waiting for a name that cannot be looked up.
	await context.route(
		(url) => !['127.0.0.1', 'localhost'].includes(url.hostname),
		(route) => route.abort(),
	);
	return context;
}
