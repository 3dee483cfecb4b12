import { readFileSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { addDays, pacificDay } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { ROOT } from '../../src/folders.ts';
import { freePort } from '../../src/n8n/free-port.ts';
import { RELAY_ADMIN_TOKEN, startRelay } from '../../src/start-relay.ts';
import { until } from '../../src/until.ts';
import { OVERWRITES } from './global-setup.ts';
import { type Hand, openHand } from './hand.ts';
import { startScriptedModel } from './scripted-model.ts';
import { openTriggerBench, type TriggerBench, untilRegistered } from './trigger-bench.ts';

/**
 * The twelve tasks of the trial of November 2026, clicked in the real editor and counted in the same way: presses of the mouse
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
	console.log(`task ${task}: ${hand.clicks()} clicks, ${hand.seconds()} s`);
	expect(hand.clicks()).toBeLessThanOrEqual(most);
};

describe('the twelve tasks of the trial, with the mouse', () => {
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
		await hand.fill('limit', '10');
		const output = await hand.execute();
		expect(output).toMatch(/10 items account_id username published weekday hour format caption .*saved/);
		done('2', 12);
	});

	test('3: a report by mail every week, from the URL of the example', async () => {
		const mail = await startMailServer();
		onTestFinished(mail.close);
		await storeForTask('smtp', { host: '127.0.0.1', port: mail.port, secure: false, disableStartTls: true });
		await hand.newWorkflow();
		await importExample('monday-report-by-mail');
		await open('Last Week');
		await open('Send the Report');
		await hand.fill('fromEmail', 'me@example.com');
		await hand.fill('toEmail', 'client@example.com');
		await hand.click(hand.part('node-execute-button').first());
		const letter = await until('the letter', () => mail.letters[0]);
		expect(letter).toMatch(/^Subject: .*Instagram/m);
		expect(letter).toContain('Content-Type: text/html');
		done('3', 10);
	});

	test('4: a post passes 10,000 views', async () => {
		await hand.newWorkflow();
		await hand.add('On media metric crosses a threshold', 'Instagram Insights Polling');
		await hand.fill('threshold', '10000');
		expect(await hand.execute()).toMatch(
			/1 item account_id username metric value change .*permalink.* views \d+ null up 10000 /,
		);
		done('4', 6);
	});

	test('5: story numbers before they are gone, one row per story in a table, from the URL of the example', async () => {
		await hand.newWorkflow();
		await importExample('story-metrics-before-expiry');
		await open('Live Stories');
		await hand.page.keyboard.press('Escape');
		await hand.click(hand.part('execute-workflow-button').first());
		const stories = bench.sandbox.world.account('bakery').stories();
		const rows = await until('the stories in the table', async () => {
			const kept = await bench.n8n.tableRows('Instagram stories');
			return kept.length === stories.length && kept;
		});
		expect(rows.some(({ reach, completion_rate }) => reach !== null && completion_rate !== null)).toBe(true);
		done('5 in a table', 8);
	});

	test('5: story numbers before they are gone, as a trigger', async () => {
		await hand.newWorkflow();
		await hand.add('On story about to expire', 'Instagram Insights Polling');
		expect(await hand.execute()).toMatch(/1 item account_id username expiresAt .* reach views .* Story null \d+ \d+ /);
		done('5', 5);
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
		const rows = await bench.n8n.tableRows('Instagram days');
		expect(new Set(rows.map(({ date }) => date)).size).toBe(rows.length);
		expect(rows).toHaveLength(30);
		done('10', 10);
	});

	test('9: all clients in one table', async () => {
		await storeForTask('instagramInsightsFacebookApi', {
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
		// The credential test asks the sandbox instead of Meta.
		await overwriteCredentials({ instagramInsightsWebhookApi: { baseUrl: bench.sandbox.facebookUrl } });
		await bench.n8n.rest('DELETE', `/credentials/${bench.webhookCredential.id}`);
		const relay = await startRelay({ port: await freePort(), folder, subscribers: {} });
		onTestFinished(() => relay.stop());
		const { page } = hand;
		await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
		await hand.newWorkflow();
		await hand.add('On comments');
		await hand.choose('mode', 'Via Relay');
		await hand.click(page.getByText('Webhook URLs', { exact: true }));
		await hand.click(page.getByText('Production URL', { exact: true }));
		const address = page.locator('.webhook-url.clickable');
		const url = (await address.textContent()) ?? '';
		await hand.click(address);

		const dashboard = await page.context().newPage();
		onTestFinished(() => dashboard.close());
		await dashboard.goto(`${relay.url}/dashboard`);
		await dashboard.locator('#token').fill(RELAY_ADMIN_TOKEN);
		await hand.click(dashboard.locator('#sign-in button'));
		await hand.click(dashboard.locator('#add-workflow'));
		await hand.click(dashboard.locator('#w-url'));
		await dashboard.keyboard.press('ControlOrMeta+v');
		await hand.click(dashboard.locator('#w-id'));
		await dashboard.keyboard.type('comments');
		await hand.click(dashboard.locator('#workflow-save'));
		await hand.click(dashboard.locator('#secret-copy'));
		await dashboard.getByText('Copied').waitFor();

		await page.bringToFront();
		await hand.click(page.getByText('Connect to Instagram Insights Webhook', { exact: true }));
		await hand.choose('eventsFrom', 'Webhook Relay');
		await hand.click(hand.parameter('relaySecret').locator('input'));
		await page.keyboard.press('ControlOrMeta+v');
		await hand.untilKept();
		await hand.click(hand.part('credential-save-button'));
		await hand.part('credential-save-button').waitFor({ state: 'hidden' });
		await page.keyboard.press('Escape');
		await publish();
		await untilRegistered(url);

		await dashboard.bringToFront();
		await hand.click(dashboard.locator('#secret-test'));
		const result = dashboard.locator('#test-result').filter({ hasText: /arrive/ });
		await result.waitFor();
		expect(await result.textContent()).toContain('A sample of comments arrived: status 200');
		done('6b', 25);
	});

	test('8: "How is my Instagram doing?", with one tool', async () => {
		const model = await startScriptedModel();
		onTestFinished(() => model.stop());
		await storeForTask('openAiApi', { apiKey: 'none', url: model.url });
		const report = { tool: 'Create_a_report_in_Instagram_Insights', args: {} };
		// The model repeats a line of the report.
		model.play(report, (answer) => ({ say: /\*\*Reach\*\*: [^\\]*/.exec(answer)?.[0] ?? 'no reach in the report' }));
		const { page } = hand;
		await hand.newWorkflow();
		await hand.addFirst('agent', 'AI Agent');
		await hand.part('ndv').waitFor();
		await page.keyboard.press('Escape');
		await connect('ai_languageModel', 'OpenAI Chat Model');
		// Not counted: the stand-in for OpenAI knows only the older API.
		await hand.parameter('responsesApiEnabled').locator('.el-switch').click();
		await page.keyboard.press('Escape');
		await connect('ai_tool', 'Instagram Insights Tool', 'instagram');
		await hand.choose('resource', 'Report');
		await page.keyboard.press('Escape');
		await hand.click(hand.part('workflow-chat-button'));
		await page.locator('textarea:visible').fill('How is my Instagram doing?');
		await page.keyboard.press('Enter');
		const today = pacificDay(bench.sandbox.world.now());
		const { total } = bench.sandbox.world.account('bakery');
		const reach = total('reach', addDays(today, -28), addDays(today, -1))?.toLocaleString('en-US');
		await page.getByText(`This period ${reach}`).last().waitFor();
		expect(model.requests()[0]?.tools).toHaveLength(1);
		done('8', 12);
	});

	test('12: broken tokens, in the form and in the node', async () => {
		const data = { accessToken: 'IGAA-sandbox-bakery', changesBaseUrl: true, baseUrl: bench.sandbox.instagramUrl };
		await storeForTask('instagramInsightsApi', data);
		await hand.newWorkflow();
		await hand.add('Get account insights');
		await hand.click(hand.part('credential-edit-button').first());
		await hand.fill('accessToken', 'IGAA-sandbox-bakery-expired');
		await hand.click(hand.part('credential-save-button'));
		await hand.click(hand.page.getByText('More details', { exact: true }));
		const cause = 'The token has expired. Connect the account again and store the new token';
		await hand.page.getByText(cause).first().waitFor();
		await hand.click(hand.part('editCredential-modal').locator('.el-dialog__close, [aria-label="Close"]').first());
		await hand.click(hand.part('node-execute-button').first());
		expect(await hand.part('node-error-message').textContent()).toContain(cause);
		done('12', 12);
	});
});

/** Store a credential until the task ends: n8n chooses the newest that fits, in the tasks after it too. */
async function storeForTask(type: string, data: Readonly<Record<string, unknown>>): Promise<void> {
	const { id } = await bench.n8n.createCredential(`for the task: ${type}`, type, data);
	onTestFinished(async () => {
		await bench.n8n.rest('DELETE', `/credentials/${id}`);
	});
}

/** *Import > From URL*, as the README says, from loopback. */
async function importExample(name: string): Promise<void> {
	const { page } = hand;
	await hand.click(page.locator('[data-test-id="workflow-menu"]'));
	await page.getByText('Import', { exact: true }).hover();
	await hand.click(page.getByText(/From URL/));
	await page.getByPlaceholder('Workflow URL').fill(`${examples.url}/${name}.json`);
	await hand.click(page.getByRole('button', { name: 'Import' }));
	await page.getByPlaceholder('Workflow URL').waitFor({ state: 'hidden' });
}

/** Add a node to one of the connectors below the agent. */
async function connect(connector: string, node: string, search?: string): Promise<void> {
	const handle = `[data-test-id="canvas-node-input-handle"][data-connection-type="${connector}"]`;
	await hand.click(hand.page.locator(`${handle} [data-test-id="canvas-handle-plus"]`));
	if (search !== undefined) await hand.part('node-creator-search-bar').fill(search);
	await hand.pick(node);
	await hand.part('parameter-input').first().waitFor();
}

async function publish(): Promise<void> {
	const button = hand.page.getByRole('button', { name: 'Publish', exact: true });
	await hand.click(button.first());
	await hand.click(hand.page.getByRole('dialog').filter({ hasText: 'Version name' }).locator(button));
}

/** Open a node with a double-click. n8n then chooses the newest credential that fits. */
async function open(node: string): Promise<void> {
	const { page } = hand;
	await page.keyboard.press('Escape');
	const target = page.locator(`[data-test-id="canvas-node"][data-node-name="${node}"]`);
	await hand.doubleClick(target);
	await page.locator('[data-test-id="parameter-input"]:visible').first().waitFor();
}

/** Give fields of credentials another default, as an administrator of n8n does. */
async function overwriteCredentials(fields: Readonly<Record<string, Readonly<Record<string, string>>>>) {
	const answer = await fetch(`${inject('n8nUrl')}/${OVERWRITES.path}`, {
		method: 'POST',
		headers: { authorization: `Bearer ${OVERWRITES.token}`, 'content-type': 'application/json' },
		body: JSON.stringify(fields),
	});
	expect(answer.status).toBe(200);
}

/** Serve the folder of the examples. */
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

/** A mail server on loopback that accepts letters one after the other. */
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
		close: () => new Promise<void>((resolve) => server.close(() => resolve())),
	};
}
