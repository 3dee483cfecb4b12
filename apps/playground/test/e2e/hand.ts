import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { OWNER } from '../../src/n8n/n8n-api.ts';
import { openBrowser } from '../../src/screenshots-camera.ts';

/** Works in n8n's editor with the mouse, and types only into fields. */
export type Hand = {
	readonly page: Page;
	/** Open an empty canvas. Clicks and seconds count from here. */
	newWorkflow(): Promise<void>;
	clicks(): number;
	seconds(): number;
	click(target: Locator): Promise<void>;
	/** Two presses. */
	doubleClick(target: Locator): Promise<void>;
	/** Press *Add first step*, search in the nodes panel, and press these entries one after the other. */
	addFirst(search: string, ...entries: readonly string[]): Promise<void>;
	/** Add one of our nodes to an empty canvas: an action, or a trigger whose entry begins with "On". */
	add(entry: string, card?: string): Promise<void>;
	/** Press an entry of the open nodes panel. */
	pick(entry: string): Promise<void>;
	/** Choose an option of a list on the open panel, by the whole of its name. */
	choose(parameter: string, option: string): Promise<void>;
	/** Press *Execute step* on the open panel and wait for rows. Returns the text of the output panel. */
	execute(): Promise<string>;
	parameter(name: string): Locator;
	/** Press a field of the open panel or form, and type over what it holds. */
	fill(name: string, text: string): Promise<void>;
	/** End the timer of 200 ms after which n8n keeps what was typed or pasted. */
	untilKept(): Promise<void>;
	/** A visible part of the editor, by its test ID. */
	part(id: string): Locator;
	close(): Promise<void>;
};

export async function openHand(n8nUrl: string): Promise<Hand> {
	const profile = mkdtempSync(path.join(tmpdir(), 'instagram-insights-hand-'));
	const browser = await openBrowser(profile);
	const data = { emailOrLdapLoginId: OWNER.email, password: OWNER.password };
	const answer = await browser.request.post(`${n8nUrl}/rest/login`, { data });
	if (!answer.ok()) throw new Error(`n8n refused the login: ${answer.status()}`);
	const page = await browser.newPage();
	page.setDefaultTimeout(60_000);
	// Time passes as usual, and `untilKept` can move it on.
	await page.clock.install();
	let clicks = 0;
	let startedAt = performance.now();
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
			await byTestId('canvas-plus-button').or(byTestId('canvas-add-button')).first().waitFor();
			clicks = 0;
			startedAt = performance.now();
		},
		clicks: () => clicks,
		seconds: () => Math.round((performance.now() - startedAt) / 1000),
		async click(target) {
			await target.click();
			clicks += 1;
		},
		async doubleClick(target) {
			await target.dblclick();
			clicks += 2;
		},
		async addFirst(search, ...entries) {
			await hand.click(byTestId('canvas-plus-button').or(byTestId('canvas-add-button')).first());
			await byTestId('node-creator-search-bar').fill(search);
			for (const entry of entries) await hand.pick(entry);
		},
		async add(entry, card = 'Instagram Insights') {
			await hand.addFirst('instagram', card);
			if (!entry.startsWith('On ')) await hand.click(page.getByText(/^Actions \(\d+\)/));
			await hand.pick(entry);
			await byTestId('parameter-input').first().waitFor();
		},
		pick: (entry) => hand.click(listed(entry)),
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
			await output.first().waitFor();
			// As it is seen: with spaces between the cells.
			// biome-ignore lint/performance/useDomNodeTextContent: the text of a table without spaces cannot be read
			return (await output.first().innerText()).replace(/\s+/g, ' ');
		},
		parameter: (name) => byTestId(`parameter-input-${name}`).first(),
		async fill(name, text) {
			const field = hand.parameter(name).locator('input');
			await hand.click(field);
			await field.fill(text);
			await hand.untilKept();
		},
		untilKept: () => page.clock.runFor(200),
		part: byTestId,
		async close() {
			await browser.close();
			rmSync(profile, { recursive: true, force: true });
		},
	};
	return hand;
}
