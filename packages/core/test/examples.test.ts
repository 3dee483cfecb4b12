import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveDateRange } from '../src/query/date-range.ts';
import { signWebhook } from '../src/testing/index.ts';

const NOW = new Date();
let sandbox: Sandbox;
let folder: string;

beforeAll(async () => {
	sandbox = await startSandbox({ now: () => NOW });
	folder = mkdtempSync(path.join(tmpdir(), 'core-examples-'));
});
afterAll(async () => {
	await sandbox.stop();
	rmSync(folder, { recursive: true, force: true });
});

/** Start an example as its first lines say, in a folder of its own, with `env` as the .env file. */
function start(example: string, env: Readonly<Record<string, string>>): ChildProcessByStdio<null, Readable, Readable> {
	const envFile = path.join(folder, '.env');
	writeFileSync(
		envFile,
		Object.entries(env)
			.map(([name, value]) => `${name}=${value}\n`)
			.join(''),
	);
	const script = fileURLToPath(new URL(`../examples/${example}`, import.meta.url));
	const args = ['--conditions=@instagram-insights/source', `--env-file=${envFile}`, script];
	return spawn(process.execPath, args, {
		cwd: folder,
		env: { PATH: process.env.PATH },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
}

async function run(example: string, env: Readonly<Record<string, string>>) {
	const child = start(example, env);
	const [stdout, stderr, code] = await Promise.all([
		child.stdout.setEncoding('utf8').toArray(),
		child.stderr.setEncoding('utf8').toArray(),
		new Promise<number | null>((resolve) => child.on('close', resolve)),
	]);
	return { out: stdout.join(''), err: stderr.join(''), code };
}

const withInstagram = (account: string) => ({
	INSTAGRAM_TOKEN: `IGAA-sandbox-${account}`,
	INSTAGRAM_BASE_URL: sandbox.instagramUrl,
});
const withFacebook = (token: string) => ({
	INSTAGRAM_TOKEN: `EAA-sandbox-${token}`,
	INSTAGRAM_BASE_URL: sandbox.facebookUrl,
});

describe('the examples', () => {
	test('account-numbers prints each metric with the earlier number', async () => {
		const { out, err, code } = await run('account-numbers.ts', withInstagram('bakery'));
		expect({ err, code }).toEqual({ err: '', code: 0 });
		const { since, until } = resolveDateRange('last28Days', NOW);
		const [title, ...lines] = out.trimEnd().split('\n');
		expect(title).toBe(`@casa.canela.bakery, ${since} to ${until}`);
		expect(lines).toHaveLength(4);
		for (const [index, metric] of ['reach', 'views', 'accounts_engaged', 'total_interactions'].entries()) {
			expect(lines[index]).toMatch(new RegExp(`^${metric} +[1-9]\\d*  before [1-9]\\d* \\([+-]?[\\d.]+ %\\)$`));
		}
	});

	test('posts-to-csv writes one line for each post of the range', async () => {
		const { out, err, code } = await run('posts-to-csv.ts', withInstagram('bakery'));
		expect({ err, code }).toEqual({ err: '', code: 0 });
		const { since } = resolveDateRange('last90Days', NOW);
		const [head, ...lines] = readFileSync(path.join(folder, 'posts.csv'), 'utf8').trimEnd().split('\r\n');
		expect(head).toBe(
			'"id","timestamp","media_product_type","permalink","caption","reach","views","likes","comments","saved","shares","missing"',
		);
		expect(out).toBe(`${lines.length} posts in posts.csv\n`);
		// One post every 40 hours: 54 in 90 days, give or take one.
		expect(lines.length).toBeGreaterThanOrEqual(53);
		expect(lines.length).toBeLessThanOrEqual(55);
		for (const line of lines) {
			expect(line).toMatch(
				/^"\d+","\d{4}-\d\d-\d\dT[^"]+","(FEED|REELS)","https:[^"]+","[^"]+",("[1-9]\d*",){2}("\d+",){4}""$/,
			);
			expect((line.split('","')[1] ?? '') >= since).toBe(true);
		}
	});

	test('all-clients prints one row for each account, refused ones with the reason', async () => {
		const { tiny, ...others } = sandbox.world.accounts;
		sandbox.setScenario({ scenario: 'restricted', path: `/${tiny?.id}/insights` });
		const { out, err, code } = await run('all-clients.ts', withFacebook('agency'));
		expect({ err, code }).toEqual({ err: '', code: 0 });
		expect(out).toMatch(/^4 accounts, /);
		const rowOf = (username = '') => out.split('\n').find((line) => line.includes(username)) ?? '';
		expect(rowOf(tiny?.username)).toMatch(/undefined.*undefined|insights of/);
		for (const { username } of Object.values(others))
			expect(rowOf(username)).toMatch(/(\d+|null) +│ (\d+|null) +│ (\d+|null) +│/);
	});

	test('webhook-receiver answers the handshake, and prints what Meta signed once', async () => {
		const child = start('webhook-receiver.ts', {
			META_VERIFY_TOKEN: 'hello',
			META_APP_SECRET: 'app-secret',
			PORT: '0',
		});
		const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
		const errors = child.stderr.setEncoding('utf8').toArray();
		const closed = new Promise((resolve) => child.on('close', resolve));
		try {
			const url = String((await lines.next()).value).replace('Listening on ', '');
			const hello = await fetch(`${url}/?hub.mode=subscribe&hub.challenge=42&hub.verify_token=hello`);
			expect([hello.status, await hello.text()]).toEqual([200, '42']);
			expect((await fetch(`${url}/?hub.mode=subscribe&hub.challenge=42&hub.verify_token=wrong`)).status).toBe(403);

			const value = { id: '18000000000000001', text: 'Olá', from: { id: '1', username: 'ana' } };
			const update = {
				object: 'instagram',
				entry: [{ id: '17841400000000001', time: 1_760_000_000, changes: [{ field: 'comments', value }] }],
			};
			const { body, headers } = signWebhook(update, 'app-secret');
			const send = (more: Record<string, string> = {}) =>
				fetch(url, { method: 'POST', body, headers: { ...headers, ...more } });
			expect((await send()).status).toBe(200);
			expect((await lines.next()).value).toBe(
				`17841400000000001 comments ${
					Buffer.from(body)
						.toString()
						.match(/"value":(\{.*\})\}\]\}\]\}$/)?.[1]
				}`,
			);
			expect((await send()).status).toBe(200);
			expect((await send({ 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` })).status).toBe(401);
		} finally {
			child.kill();
			await closed;
		}
		expect((await lines.next()).done).toBe(true);
		expect((await errors).join('')).toBe('Refused a request: mismatch\n');
	});

	test('report writes a page with the numbers and the best posts', async () => {
		const { out, err, code } = await run('report.ts', withInstagram('bakery'));
		expect({ err, code }).toEqual({ err: '', code: 0 });
		expect(out).toMatch(/^@casa\.canela\.bakery: Instagram report, .+ · Reach [+-]?[\d.]+%\n$/);
		const html = readFileSync(path.join(folder, 'report.html'), 'utf8');
		for (const heading of ['Reach by day', 'Top posts']) expect(html.toLowerCase()).toContain(heading.toLowerCase());
		expect(html.match(/https:\/\/www\.instagram\.com\/[a-z]+\//g)?.length).toBe(5);
	});

	test.each(['account-numbers.ts', 'posts-to-csv.ts', 'all-clients.ts', 'report.ts'])(
		'%s says that the token is missing',
		async (example) => {
			const { err, code } = await run(example, {});
			expect(code).not.toBe(0);
			expect(err).toContain('connect: "accessToken" is empty');
		},
	);
});
