import { readFileSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ROOT } from '../../src/folders.ts';
import { freePort } from '../../src/n8n/free-port.ts';
import { RELAY_ADMIN_TOKEN, startRelay } from '../../src/start-relay.ts';
import { until } from '../../src/until.ts';
import { type Hand, openHand } from './hand.ts';
import { openTriggerBench, type TriggerBench } from './trigger-bench.ts';

/**
 * The tasks of the trial of November 2026, clicked through in the real editor, with its way of counting: presses of the mouse
 * button from an empty canvas, with a credential stored. `CLICKS.md` holds the table.
 */
let bench: TriggerBench;
let hand: Hand;
let folder: string;
let examples: Awaited<ReturnType<typeof serveExamples>>;

beforeAll(async () => {
	bench = await openTriggerBench(inject('n8nUrl'));
	// n8n chooses the newest credential that fits.
	await bench.n8n.createCredential('trial', 'instagramInsightsApi', {
		accessToken: bench.sandbox.world.account('bakery').tokens.instagram,
		changesBaseUrl: true,
		baseUrl: bench.sandbox.instagramUrl,
	});
	examples = await serveExamples();
	hand = await openHand(inject('n8nUrl'));
	folder = path.join(inject('n8nUserFolder'), 'relay');
});
afterAll(async () => {
	await hand?.close();
	await examples?.close();
	await bench?.close();
});

const done = (task: string, most: number) => {
	console.log(`task ${task}: ${hand.clicks()} clicks`);
	expect(hand.clicks()).toBeLessThanOrEqual(most);
};

describe('the tasks of the trial, by clicking alone', () => {
	test('1: reach and views per day, last month', async () => {
		await hand.newWorkflow();
		await hand.add('Get account insights');
		await hand.choose('granularity', 'One per Day');
		await hand.choose('dateRange', 'Last Month');
		const output = await hand.execute();
		expect(output).toMatch(/(28|29|30|31) items account_id username date reach views unavailable/);
		done('1', 10);
	});

	test('2: the ten best posts of 90 days by saves', async () => {
		await hand.newWorkflow();
		await hand.add('Get many posts and reels');
		await hand.choose('dateRange', 'Last 90 Days');
		await hand.choose('sortBy', 'Interactions: Saves');
		await hand.click(hand.parameter('limit').locator('input'));
		await hand.page.keyboard.press('ControlOrMeta+a');
		await hand.page.keyboard.type('10');
		const output = await hand.execute();
		expect(output).toMatch(/10 items account_id username published weekday hour format caption .*saved/);
		done('2', 12);
	});

	test('3: a report by mail every week, from the URL of the example', async () => {
		const mail = await startMailServer();
		const server = { host: '127.0.0.1', port: mail.port, secure: false, disableStartTls: true };
		await bench.n8n.createCredential('mail', 'smtp', server);
		await hand.newWorkflow();
		await importExample('monday-report-by-mail');
		await open('Last Week');
		await open('Send the Report');
		await hand.click(hand.parameter('fromEmail').locator('input'));
		await retype('me@example.com');
		await hand.click(hand.parameter('toEmail').locator('input'));
		await retype('client@example.com');
		await hand.click(hand.page.locator('[data-test-id="node-execute-button"]:visible').first());
		const letter = await until('the letter', () => mail.letters[0]);
		expect(letter).toMatch(/^Subject: .*Instagram/m);
		expect(letter).toContain('Content-Type: text/html');
		done('3', 10);
		await mail.close();
	});

	test('7: this month beside last month', async () => {
		await hand.newWorkflow();
		await hand.add('Compare account periods');
		await hand.choose('dateRange', 'This Month');
		const output = await hand.execute();
		expect(output).toMatch(/4 items .*since until previousSince previousUntil current previous change/);
		done('7', 8);
	});

	test('11: when to post', async () => {
		await hand.newWorkflow();
		await hand.add('Get best times to post');
		expect(await hand.execute()).toMatch(/168 items account_id username weekday hour timezone followersOnline posts/);
		done('11', 6);
	});

	test('10: a history that neither doubles nor breaks, from the URL of the example', async () => {
		await hand.newWorkflow();
		await importExample('history-in-a-data-table');
		await open('Days Not Yet Kept');
		await hand.page.keyboard.press('Escape');
		for (const _ of ['a morning', 'the same morning again']) {
			await hand.click(hand.page.locator('[data-test-id="execute-workflow-button"]:visible').first());
			await hand.page.getByText('Workflow executed successfully').last().waitFor();
			await hand.page.getByText('Workflow executed successfully').last().waitFor({ state: 'hidden' });
		}
		const project = await bench.n8n.rest<{ id: string }>('GET', '/projects/personal');
		const tables = `/projects/${project.id}/data-tables`;
		const { data } = await bench.n8n.rest<{ data: { id: string; name: string }[] }>('GET', tables);
		const id = data.find(({ name }) => name === 'Instagram days')?.id;
		const rows = await bench.n8n.rest<{ data: { date: string }[] }>('GET', `${tables}/${id}/rows?take=250`);
		expect(new Set(rows.data.map(({ date }) => date)).size).toBe(rows.data.length);
		expect(rows.data).toHaveLength(30);
		done('10', 10);
	});

	test('9: all clients in one table', async () => {
		await bench.n8n.createCredential('clients', 'instagramInsightsFacebookApi', {
			accessToken: 'EAA-sandbox-agency',
			changesBaseUrl: true,
			baseUrl: bench.sandbox.facebookUrl,
		});
		await hand.newWorkflow();
		await hand.add('Get account insights');
		await hand.click(hand.parameter('account').locator('input').last());
		await hand.click(hand.page.getByText('All accounts', { exact: true }).last());
		const output = await hand.execute();
		const accounts = Object.values(bench.sandbox.world.accounts).map(({ username }) => username);
		expect(output).toContain(`${accounts.length} items account_id username`);
		for (const username of accounts) expect(output).toContain(username);
		done('9', 10);
	});

	test('6a: comments, straight from Meta: the panel says every step', async () => {
		await hand.newWorkflow();
		await hand.add('On comments');
		const panel = await hand.page.locator('[data-test-id="node-parameters"]').textContent();
		for (const step of [
			'Publish this workflow',
			'App Dashboard',
			'Callback URL',
			'Verify Token',
			'Subscribe',
			'Executions',
		])
			expect(panel).toContain(step);
		done('6a', 15);
	});

	test('6b: comments through the relay, without a file', async () => {
		const trigger = await bench.workflow({ mode: 'relay', fields: ['*'] });
		const relay = await startRelay({ port: await freePort(), folder, subscribers: {} });
		const { page } = hand;
		await hand.newWorkflow();
		await page.goto(`${relay.url}/dashboard`);
		await page.locator('#token').fill(RELAY_ADMIN_TOKEN);
		await hand.click(page.locator('#sign-in button'));
		await hand.click(page.locator('#add-workflow'));
		await page.locator('#w-url').fill(trigger.url);
		await page.locator('#w-id').fill('comments');
		await hand.click(page.locator('#workflow-save'));
		await page.locator('#w-secret').waitFor();
		const relaySecret = await page.locator('#w-secret').inputValue();
		await bench.n8n.updateCredential(
			bench.webhookCredential.id,
			bench.webhookCredential.name,
			'instagramInsightsWebhookApi',
			{
				eventsFrom: 'relay',
				relaySecret,
				changesBaseUrl: true,
				baseUrl: bench.sandbox.facebookUrl,
			},
		);
		await trigger.publish();
		await hand.click(page.locator('#secret-test'));
		const [run] = await trigger.untilRuns(1);
		expect(run?.items('Instagram Insights Trigger')).toHaveLength(1);
		await page.locator('#test-result').filter({ hasText: /\S/ }).waitFor();
		done('6b', 10);
		await relay.stop();
	});
});

/** *Import > From URL*, as the README says; the examples lie on loopback. */
async function importExample(name: string): Promise<void> {
	const { page } = hand;
	await hand.click(page.locator('[data-test-id="workflow-menu"]'));
	await page.getByText('Import', { exact: true }).hover();
	await hand.click(page.getByText(/From URL/));
	await page.getByPlaceholder('Workflow URL').fill(`${examples.url}/${name}.json`);
	await hand.click(page.getByRole('button', { name: 'Import' }));
	await page.getByPlaceholder('Workflow URL').waitFor({ state: 'hidden' });
}

/** Open a node by two presses; n8n then takes the newest credential that fits. */
async function open(node: string): Promise<void> {
	const { page } = hand;
	await page.keyboard.press('Escape');
	const target = page.locator(`[data-test-id="canvas-node"][data-node-name="${node}"]`);
	await hand.doubleClick(target);
	await page.locator('[data-test-id="parameter-input"]:visible').first().waitFor();
}

async function retype(text: string): Promise<void> {
	await hand.page.keyboard.press('ControlOrMeta+a');
	await hand.page.keyboard.type(text);
	// n8n takes over what was typed a moment later; nobody is faster than that with the mouse.
	await hand.page.waitForTimeout(1_500);
}

/** The folder of the examples, as a web server gives it. */
async function serveExamples() {
	const folder = path.join(ROOT, 'packages/n8n-nodes-instagram-insights/examples');
	const server = createWebServer(({ url = '' }, response) => {
		response.setHeader('content-type', 'application/json').end(readFileSync(path.join(folder, path.basename(url))));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () => new Promise((resolve) => server.close(resolve)),
	};
}

/** A mail server on loopback that takes one letter after another. */
async function startMailServer() {
	const letters: string[] = [];
	const server = createServer((socket) => {
		let isLetter = false;
		let text = '';
		socket.write('220 loopback\r\n');
		socket.on('data', (chunk) => {
			text += chunk;
			if (isLetter) {
				if (!text.endsWith('\r\n.\r\n')) return;
				letters.push(text);
				isLetter = false;
				socket.write('250 taken\r\n');
			} else if (/^DATA/m.test(text)) {
				isLetter = true;
				socket.write('354 go on\r\n');
			} else socket.write(/^QUIT/m.test(text) ? '221 bye\r\n' : '250 ok\r\n');
			text = '';
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		letters,
		close: () => new Promise((resolve) => server.close(resolve)),
	};
}
