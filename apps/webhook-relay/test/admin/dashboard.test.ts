import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { BEHAVIOURS, startFaultSubscriber } from '../fault-subscriber.ts';
import { pollUntil } from '../poll-until.ts';
import { ADMIN_TOKEN, commentBody, startTestRelay } from '../start-test-relay.ts';
import { launchChromium } from './launch-chromium.ts';

const PHONE = { width: 360, height: 740 };

/** A page of the dashboard that fails the test when a policy is broken or a script throws. */
async function openDashboard(url: string, options: { colorScheme?: 'light' | 'dark'; viewport?: typeof PHONE } = {}) {
	const browser = await launchChromium();
	const page = await browser.newPage({ viewport: { width: 1100, height: 800 }, ...options });
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(String(error)));
	page.on('console', (message) => {
		// A refused token is answered 401, which Chromium writes to the console.
		if (message.type() === 'error' && !message.text().includes('401')) problems.push(message.text());
	});
	await page.goto(`${url}/dashboard`);
	return { page, problems };
}

async function signIn(page: Page): Promise<void> {
	await page.getByLabel('Admin token').fill(ADMIN_TOKEN);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.getByRole('heading', { name: 'Subscribers' }).waitFor();
}

/** Runs in the page: the files beside this one that are not TypeScript. */
function inPage<Result>(page: Page, name: string): Promise<Result> {
	return page.evaluate<Result>(readFileSync(new URL(`in-page/${name}.js`, import.meta.url), 'utf8'));
}

const isFocused = async (locator: Locator) =>
	(await locator.page().locator(':focus').count()) === 1 && locator.and(locator.page().locator(':focus')).isVisible();

describe('the dashboard', () => {
	test('is off without an admin token', async () => {
		const { url } = await startTestRelay({ environment: { RELAY_ADMIN_TOKEN: '' } });
		for (const path of ['/dashboard', '/dashboard/dashboard.js', '/api/totals', '/api/events']) {
			expect((await fetch(`${url}${path}`)).status).toBe(404);
		}
	});

	test('refuses another token', async () => {
		const { url } = await startTestRelay();
		const { page, problems } = await openDashboard(url);
		await page.getByLabel('Admin token').fill('not-the-admin-token');
		await page.getByRole('button', { name: 'Sign in' }).click();
		await page.getByText('The token was refused.').waitFor();
		expect(await page.getByRole('heading', { name: 'Subscribers' }).isVisible()).toBe(false);
		expect(problems).toEqual([]);
	});

	test('shows events, deliveries and attempts live, and replays', async () => {
		const n8n = await startFaultSubscriber(BEHAVIOURS.failing);
		const relay = await startTestRelay({
			subscribers: [{ id: 'n8n-main', url: n8n.url, retry: { delays: ['10ms'] } }],
		});
		const { page, problems } = await openDashboard(relay.url);
		await signIn(page);
		await page.locator('#events-title').waitFor();
		await page.locator('#no-events').waitFor();

		await relay.post(commentBody('1', { text: 'is this in blue?' }));
		const item = page.locator('#events > li').first();
		await item.locator('summary').getByText('dead', { exact: true }).waitFor();
		await item.locator('summary').click();
		await item.locator('pre').getByText('is this in blue?').waitFor();
		await item.getByRole('region', { name: 'Attempts to n8n-main' }).waitFor();
		expect(await item.locator('tbody tr').count()).toBe(2);
		expect(await item.locator('tbody tr').first().textContent()).toContain('http-500');

		n8n.behave(BEHAVIOURS.ok);
		await item.getByRole('button', { name: 'Replay to n8n-main' }).click();
		await page.getByText('Replaying to n8n-main.').waitFor();
		await item.locator('summary').getByText('delivered').waitFor();
		expect(problems).toEqual([]);
	});

	test('filters, and replays all dead deliveries', async () => {
		const n8n = await startFaultSubscriber(BEHAVIOURS.tooLarge);
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url, match: { accounts: ['7'] } }] });
		for (const accountId of ['7', '8', '9']) await relay.post(commentBody(accountId, { accountId }));
		const { page, problems } = await openDashboard(relay.url);
		await signIn(page);
		const items = page.locator('#events > li');
		await expect.poll(() => items.count()).toBe(3);
		await page.getByLabel('Account', { exact: true }).selectOption('8');
		await expect.poll(() => items.count()).toBe(1);
		await page.getByRole('button', { name: 'Clear' }).click();
		await expect.poll(() => items.count()).toBe(3);
		await page.getByLabel('Deliveries', { exact: true }).selectOption('dead');
		await expect.poll(() => items.count()).toBe(1);
		n8n.behave(BEHAVIOURS.ok);
		await page.getByRole('button', { name: 'Replay dead deliveries…' }).click();
		await page.getByRole('heading', { name: 'Replay 1 delivery?' }).waitFor();
		await page.getByRole('button', { name: 'Replay 1', exact: true }).click();
		await page.getByText('1 delivery waits again.').waitFor();
		await page.getByText('No event matches.').waitFor();
		expect(problems).toEqual([]);
	});

	test('shows each event in one line with its account, and the counts of the last hour', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url }] });
		const from = { id: '17841405309211844', username: 'bakery.lisboa' };
		const comment = { id: '1', text: 'Obrigada!', from };
		await relay.post({
			object: 'instagram',
			entry: [{ id: from.id, changes: [{ field: 'comments', value: comment }] }],
		});
		const sample = { object: 'instagram', entry: [{ id: '0', changes: [{ field: 'comments', value: { id: '2' } }] }] };
		await relay.post(sample);
		const { page, problems } = await openDashboard(relay.url);
		await signIn(page);
		const [newest, oldest] = [page.locator('#events summary').nth(0), page.locator('#events summary').nth(1)];
		await newest.getByText('sample', { exact: true }).waitFor();
		await oldest.getByText('@bakery.lisboa: “Obrigada!”').waitFor();
		await oldest.locator('.account').getByText('@bakery.lisboa').waitFor();
		expect(await oldest.locator('time').getAttribute('title')).toMatch(/\d{4}, \d\d:\d\d:\d\d$/);
		await page.getByRole('img', { name: /^Last hour: Received 2, Delivered 2, Failed attempts 0$/ }).waitFor();
		await page.getByText('Nothing. Every event was delivered.').waitFor();
		expect(await page.getByRole('button', { name: 'Replay dead deliveries…' }).isDisabled()).toBe(true);
		expect(await page.getByRole('button', { name: 'Replay dead deliveries of n8n' }).isVisible()).toBe(false);
		expect(problems).toEqual([]);
	});

	test('sends the waiting deliveries of a removed subscriber to another one', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay({ subscribers: [{ id: 'gone', url: 'http://127.0.0.1:9/x' }] });
		await relay.post(commentBody('1'));
		relay.writeSubscribers([{ id: 'n8n', url: n8n.url }]);
		const { page, problems } = await openDashboard(relay.url);
		await signIn(page);
		await page.getByText('1 delivery waits for gone, which was removed').waitFor();
		await page.getByLabel('Send what waits for gone to').selectOption('n8n');
		await page.getByText('Sent 1 to n8n.').waitFor();
		await pollUntil('the delivery', () => n8n.received.length === 1);
		await page.getByText('Nothing. Every event was delivered.').waitFor();
		expect(problems).toEqual([]);
	});

	test('pauses and resumes a subscriber', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url }] });
		const { page, problems } = await openDashboard(relay.url);
		await signIn(page);
		await page.getByText('nothing delivered yet').waitFor();
		await page.getByRole('button', { name: 'Pause n8n' }).click();
		await page.locator('#subscribers').getByText('paused', { exact: true }).waitFor();
		await page.locator('#concerns').getByText('n8n is paused').waitFor();
		await relay.post(commentBody('1'));
		await expect.poll(() => page.locator('#subscribers dt:text-is("Waiting") + dd').textContent()).toBe('1');
		expect(n8n.received).toEqual([]);
		await page.locator('#subscribers').getByRole('button', { name: 'Resume n8n' }).click();
		await page.getByText('healthy').waitFor();
		await pollUntil('the delivery', () => n8n.received.length === 1);
		expect(problems).toEqual([]);
	});

	test('adds a workflow, shows its secret once, and sends a test event', async () => {
		const n8n = await startFaultSubscriber(BEHAVIOURS.notRegistered);
		const relay = await startTestRelay({ environment: { RELAY_SUBSCRIBERS: '' } });
		await relay.post(commentBody('1', { accountId: '7' }));
		const { page, problems } = await openDashboard(relay.url);
		await signIn(page);
		await page.getByText('No subscribers yet.').waitFor();
		await page.getByRole('button', { name: 'Add workflow' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByLabel('Production URL').fill(n8n.url.replace('/webhook/', '/webhook-test/'));
		await dialog.getByText('This is the test URL').waitFor();
		await dialog.getByLabel('Production URL').fill('n8n');
		await dialog.getByLabel('Name').fill('Crónica to sheet');
		await dialog.getByLabel('Comment Someone commented on a post').check();
		await dialog.getByLabel('7', { exact: true }).check();
		await dialog.getByRole('button', { name: 'Add workflow' }).click();
		await dialog.getByText('Production URL: must be a URL').waitFor();
		await dialog.getByLabel('Production URL').fill(n8n.url);
		await dialog.getByRole('button', { name: 'Add workflow' }).click();
		await dialog.getByRole('heading', { name: 'Cronica-to-sheet is added' }).waitFor();
		const secret = await dialog.getByLabel('Relay secret').inputValue();
		expect(secret).toMatch(/^whsec_/);
		await dialog.getByRole('button', { name: 'Copy' }).click();
		await dialog.getByRole('button', { name: 'Copied' }).waitFor();
		await dialog.getByRole('button', { name: 'Send test event' }).click();
		await dialog.getByText('did not arrive: status 404 (n8n-not-registered). Publish the workflow').waitFor();
		n8n.behave(BEHAVIOURS.ok);
		await dialog.getByRole('button', { name: 'Send test event' }).click();
		await dialog.getByText(/A sample of comments arrived: status 200 in \d+ ms\. .*Workflow was started/).waitFor();
		await dialog.getByRole('button', { name: 'Done' }).click();
		expect(await page.content()).not.toContain(secret);
		const item = page.locator('#subscribers > li');
		await item.getByText('comments', { exact: true }).waitFor();
		await item.getByText('7', { exact: true }).waitFor();
		await relay.post(commentBody('2', { accountId: '7' }));
		await pollUntil('the comment', () => n8n.received.some(({ body }) => body.includes('"account_id":"7"')));
		// A test event that n8n does not know is answered 404.
		expect(problems).toEqual([expect.stringContaining('400')]);
	});

	test('edits and removes a workflow that was added there, after a confirmation', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay({ subscribers: [{ id: 'file', url: n8n.url, match: { fields: ['standby'] } }] });
		const match = { fields: ['messages'] };
		await relay.api('subscribers', { id: 'n8n', url: 'http://127.0.0.1:9/webhook/x', match });
		const { page, problems } = await openDashboard(relay.url);
		await signIn(page);
		await page.getByText('in the subscribers file; change them there').waitFor();
		expect(await page.getByRole('button', { name: 'Edit file' }).isVisible()).toBe(false);
		await page.getByRole('button', { name: 'Edit n8n' }).click();
		const dialog = page.getByRole('dialog');
		expect(await dialog.getByLabel('Message Someone sent a direct').isChecked()).toBe(true);
		await dialog.getByLabel('Message Someone sent a direct').uncheck();
		await dialog.getByLabel('Production URL').fill(n8n.url);
		await dialog.getByRole('button', { name: 'Save' }).click();
		await dialog.waitFor({ state: 'hidden' });
		await relay.post(commentBody('1'));
		await pollUntil('the delivery', () => n8n.received.length === 1);
		await page.getByRole('button', { name: 'Pause n8n' }).click();
		await relay.post(commentBody('2'));
		await page.locator('#subscribers').getByText('paused', { exact: false }).first().waitFor();
		await expect
			.poll(() => page.locator('#subscribers dt:text-is("Waiting") + dd').allTextContents())
			.toEqual(['0', '1']);
		await page.getByRole('button', { name: 'Remove n8n' }).click();
		await dialog.getByLabel('Also drop its 1 waiting delivery').check();
		await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
		await page.getByText('Removed n8n.').waitFor();
		await expect.poll(() => page.locator('#subscribers h3').allTextContents()).toEqual(['file']);
		expect((await relay.api('totals')).json.pending).toBe(0);
		expect(problems).toEqual([]);
	});

	test('refuses a change to a workflow that was changed since its form was opened', async () => {
		const relay = await startTestRelay({ environment: { RELAY_SUBSCRIBERS: '' } });
		await relay.api('subscribers', { id: 'n8n', url: 'http://127.0.0.1:9/webhook/x' });
		const { page } = await openDashboard(relay.url);
		await signIn(page);
		await page.getByRole('button', { name: 'Edit n8n' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByLabel('Comment Someone commented on a post').check();
		await relay.api('subscribers/n8n', { match: { fields: ['messages'] } }, 'PATCH');
		await dialog.getByRole('button', { name: 'Save' }).click();
		await dialog.getByText('"n8n" was changed in the meantime: close this form').waitFor();
		expect((await relay.api('subscribers')).json.rows[0]?.settings.fields).toEqual(['messages']);
	});

	test('shows a hostile payload as text', async () => {
		const hostile = '</pre><img src=x onerror="document.title=1"><script>document.title=2</script>';
		const relay = await startTestRelay();
		await relay.post({
			object: 'instagram',
			entry: [{ id: hostile, changes: [{ field: hostile, value: { text: hostile } }] }],
		});
		const { page, problems } = await openDashboard(relay.url);
		await signIn(page);
		const item = page.locator('#events > li').first();
		await item.locator('summary').click();
		await item.locator('pre').waitFor();
		expect(await item.locator('pre').textContent()).toContain('<script>document.title=2</script>');
		expect(await page.locator('#content img, #content script').count()).toBe(0);
		expect(await page.title()).toBe('Webhook relay');
		expect(problems).toEqual([]);
	});

	test('runs no script that was put into the page', async () => {
		const { url } = await startTestRelay();
		const { page } = await openDashboard(url);
		const outcome = await inPage<string>(page, 'run-script');
		expect(outcome).toBe('refused');
	});

	test('works by keyboard alone', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url }] });
		await relay.post(commentBody('1'));
		const { page } = await openDashboard(relay.url);
		await page.getByLabel('Admin token').waitFor();
		await page.keyboard.type(ADMIN_TOKEN);
		await page.keyboard.press('Enter');
		const summary = page.locator('#events summary').first();
		await summary.waitFor();
		for (let presses = 0; presses < 40; presses += 1) {
			await page.keyboard.press('Tab');
			if (await isFocused(summary)) break;
		}
		await page.keyboard.press('Enter');
		await page.locator('#events pre').waitFor();
		// Refreshing must not take the focus away.
		await page.waitForResponse((response) => response.url().includes('/api/overview'));
		expect(await isFocused(summary)).toBe(true);
	});

	test.each(['light', 'dark'] as const)(
		'is readable on a phone in %s colours, without scrolling sideways',
		async (colorScheme) => {
			const n8n = await startFaultSubscriber(BEHAVIOURS.tooLarge);
			const relay = await startTestRelay({
				subscribers: [{ id: 'a-subscriber-with-a-rather-long-name', url: n8n.url }],
			});
			await relay.post(commentBody('1', { text: 'x'.repeat(300) }));
			const { page, problems } = await openDashboard(relay.url, { colorScheme, viewport: PHONE });
			await signIn(page);
			const item = page.locator('#events > li').first();
			await item.locator('summary').click();
			await item.locator('table').waitFor();
			await page.locator('#subscribers').getByText('failing', { exact: true }).waitFor();
			const width = await page.evaluate<number>('document.documentElement.scrollWidth');
			expect(width).toBeLessThanOrEqual(PHONE.width);
			expect(await inPage<number>(page, 'worst-contrast')).toBeGreaterThanOrEqual(4.5);
			const heights = await Promise.all(
				(await page.locator('button:visible, input:visible, select:visible').all()).map((control) =>
					control.boundingBox(),
				),
			);
			const small = heights.filter((box) => box === null || box.height < 40);
			expect(small).toEqual([]);
			expect(problems).toEqual([]);
		},
	);

	test('names every control for a screen reader', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url }] });
		await relay.post(commentBody('1'));
		const { page } = await openDashboard(relay.url);
		await signIn(page);
		const tree = await page.locator('body').ariaSnapshot();
		expect(tree).not.toMatch(/- (button|textbox|combobox|searchbox)(:|$)/m);
		for (const part of [
			'banner',
			'main',
			'heading "Needs attention" [level=2]',
			'heading "Now" [level=2]',
			'heading "Events" [level=2]',
			'button "Pause n8n"',
		]) {
			expect(tree).toContain(part);
		}
	});
});
