import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { OWNER } from '../../src/n8n/n8n-api.ts';
import { openBrowser } from '../../src/screenshots-camera.ts';

/** Someone who works in n8n's editor with the mouse, and types only where a search or a box asks for text. */
export type Hand = {
	readonly page: Page;
	/** An empty canvas; the count of clicks begins anew. */
	newWorkflow(): Promise<void>;
	/** Presses of the mouse button since then. */
	clicks(): number;
	click(target: Locator): Promise<void>;
	/** Two presses. */
	doubleClick(target: Locator): Promise<void>;
	/** Press one of our entries in the nodes panel, from an empty canvas: an action, or a trigger that begins with "On". */
	add(entry: string): Promise<void>;
	/** Choose an option of a list on the open panel, by the whole of its name. */
	choose(parameter: string, option: string): Promise<void>;
	/** *Execute step* on the open panel, to the end; gives the text of the output, its table or its hints. */
	execute(): Promise<string>;
	parameter(name: string): Locator;
	close(): Promise<void>;
};

export async function openHand(n8nUrl: string): Promise<Hand> {
	const profile = mkdtempSync(path.join(tmpdir(), 'instagram-insights-hand-'));
	const browser = await openBrowser(profile);
	const data = { emailOrLdapLoginId: OWNER.email, password: OWNER.password };
	const answer = await browser.request.post(`${n8nUrl}/rest/login`, { data });
	if (!answer.ok()) throw new Error(`n8n refused the login: ${answer.status()}`);
	const page = await browser.newPage();
	page.setDefaultTimeout(20_000);
	let clicks = 0;
	const byTestId = (id: string) => page.locator(`[data-test-id="${id}"]:visible`);
	const named = (text: string) => page.getByText(text, { exact: true });
	const listed = (text: string) =>
		byTestId('item-iterator-item')
			.filter({ has: named(text) })
			.first();
	const hand: Hand = {
		page,
		async newWorkflow() {
			await page.goto(`${n8nUrl}/workflow/new`, { waitUntil: 'domcontentloaded' });
			await byTestId('canvas-plus-button').or(byTestId('canvas-add-button')).first().waitFor({ timeout: 60_000 });
			clicks = 0;
		},
		clicks: () => clicks,
		async click(target) {
			await target.click();
			clicks += 1;
		},
		async doubleClick(target) {
			await target.dblclick();
			clicks += 2;
		},
		async add(entry) {
			await hand.click(byTestId('canvas-plus-button').or(byTestId('canvas-add-button')).first());
			await byTestId('node-creator-search-bar').fill('instagram');
			await hand.click(listed('Instagram Insights'));
			if (!entry.startsWith('On ')) await hand.click(page.getByText(/^Actions \(\d+\)/));
			await hand.click(listed(entry));
			await byTestId('parameter-input').first().waitFor();
		},
		async choose(parameter, option) {
			await hand.click(hand.parameter(parameter));
			await hand.click(
				page
					.locator('.el-select-dropdown__item:visible')
					.filter({ has: named(option) })
					.first(),
			);
		},
		async execute() {
			await hand.click(byTestId('node-execute-button').first());
			const output = byTestId('ndv-output-panel')
				.or(byTestId('output-panel'))
				.filter({ hasText: /\d+ items?.*account_id/s });
			await output.first().waitFor({ timeout: 60_000 });
			// As it is seen: with spaces between the cells.
			// biome-ignore lint/performance/useDomNodeTextContent: the text of a table without spaces cannot be read
			return (await output.first().innerText()).replace(/\s+/g, ' ');
		},
		parameter: (name) => byTestId(`parameter-input-${name}`).first(),
		async close() {
			await browser.close();
			rmSync(profile, { recursive: true, force: true });
		},
	};
	return hand;
}
