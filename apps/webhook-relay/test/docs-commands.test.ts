import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { APPS, startSandbox } from '@instagram-insights/graph-sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startFaultSubscriber } from './fault-subscriber.ts';
import { freePort } from './free-port.ts';
import { pollUntil } from './poll-until.ts';
import { startTestRelay } from './start-test-relay.ts';
import { temporaryFolder } from './temporary-folder.ts';

const DOCS = new URL('../../../docs/relay/', import.meta.url);
const README = new URL('../README.md', import.meta.url);
const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

const blocks = [README, ...readdirSync(DOCS).map((name) => new URL(name, DOCS))].flatMap((page) =>
	[...readFileSync(page, 'utf8').matchAll(/```bash\n(.*?)```/gs)].map(([, block = '']) => block.replace(/^ {3}/gm, '')),
);
/** Word for word, one after the other: accounts are subscribed before the doctor looks. */
const commands = blocks
	.flatMap((block) => block.split('\n'))
	.filter((line) => line.startsWith('instagram-webhook-relay '))
	.sort((a, b) => Number(b.includes(' subscribe ')) - Number(a.includes(' subscribe ')));

/** Run a text in bash with the two names by which people call the relay; everything it started ends with the test. */
async function runInBash(
	text: string,
	{ folder, environment }: { folder: string; environment: Record<string, string> },
) {
	const bin = join(folder, 'bin');
	mkdirSync(bin, { recursive: true });
	const relay = `exec "${process.execPath}" --conditions=@instagram-insights/source "${MAIN}" "$@"`;
	writeFileSync(join(bin, 'instagram-webhook-relay'), `#!/bin/sh\n${relay}\n`);
	writeFileSync(
		join(bin, 'npx'),
		`#!/bin/sh\n[ "$1" = @instagram-insights/webhook-relay ] || exit 9\nshift\n${relay}\n`,
	);
	for (const name of ['instagram-webhook-relay', 'npx']) chmodSync(join(bin, name), 0o755);
	const child = spawn('bash', ['-euo', 'pipefail', '-c', text], {
		cwd: folder,
		detached: true,
		env: { ...environment, PATH: `${bin}:${process.env.PATH}`, NODE_NO_WARNINGS: '1' },
	});
	onTestFinished(() => {
		try {
			process.kill(-(child.pid ?? 0), 'SIGKILL');
		} catch {
			// Nothing was left running.
		}
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
	const [code] = await once(child, 'exit');
	return { code, output };
}

describe('the commands of the README and of docs/relay', () => {
	test('start a relay that shows its first events', async () => {
		const start = blocks.find((block) => block.includes('send-test')) ?? '';
		const port = await freePort();
		const { code, output } = await runInBash(start, {
			folder: temporaryFolder(),
			environment: { RELAY_PORT: `${port}` },
		});
		expect(output).toContain('✓ comments: 200');
		expect(output).not.toContain('✗');
		expect(code).toBe(0);
		const token = /with the token (\w+)/.exec(output)?.[1];
		const response = await fetch(`http://127.0.0.1:${port}/api/totals`, {
			headers: { authorization: `Bearer ${token}` },
		});
		expect(await response.json()).toMatchObject({ events: 16 });
	});

	test('run as they stand', async () => {
		const [sandbox, n8n, folder] = [await startSandbox({ port: 0 }), await startFaultSubscriber(), temporaryFolder()];
		onTestFinished(() => sandbox.stop());
		const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
		const META_APP_SECRETS = `instagram:${APPS.instagram.secret},facebook:${APPS.facebook.secret}`;
		const subscribers = ['comments-to-sheet', 'new-one'].map((id) => ({ id, url: n8n.url, secret }));
		const relay = await startTestRelay({ folder, subscribers, environment: { META_APP_SECRETS } });
		const environment = {
			META_APP_SECRETS,
			META_VERIFY_TOKEN: 'fake-verify',
			META_APP_ID: APPS.facebook.id,
			META_ACCOUNTS: 'bakery:IGAA-sandbox-bakery',
			META_INSTAGRAM_URL: `${sandbox.url}/graph.instagram.com`,
			META_FACEBOOK_URL: `${sandbox.url}/graph.facebook.com`,
			RELAY_PORT: new URL(relay.url).port,
			RELAY_PUBLIC_URL: relay.url,
			RELAY_STORE: `sqlite:${join(folder, 'relay.db')}`,
			RELAY_SUBSCRIBERS: join(folder, 'subscribers.json'),
		};
		expect(commands.length).toBeGreaterThan(8);
		for (const command of commands.filter((line) => !line.includes(' migrate '))) {
			await pollUntil('nothing waiting', async () => (await relay.api('totals')).json.pending === 0);
			const { code, output } = await runInBash(command, { folder, environment });
			expect([command, code, output]).toEqual([command, 0, expect.any(String)]);
		}
	});
});
