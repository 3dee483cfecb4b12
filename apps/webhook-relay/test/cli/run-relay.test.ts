import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { signWebhook } from '@instagram-insights/core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/cli/open-store.ts';
import { killHard, startRelayProcess } from '../crash/relay-process.ts';
import { freePort } from '../free-port.ts';
import { pollUntil } from '../poll-until.ts';
import { commentReceipt } from '../relay/sample-receipt.ts';
import { commentBody } from '../start-test-relay.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

function environment(changes: Record<string, string> = {}): Record<string, string> {
	return {
		RELAY_PORT: '0',
		RELAY_STORE: `sqlite:${join(temporaryFolder(), 'relay.db')}`,
		META_VERIFY_TOKEN: 'fake-verify',
		META_APP_SECRETS: 'instagram:fake-ig',
		...changes,
	};
}

/** A start that is expected to fail: its exit code and what it said. */
async function failedStart(changes: Record<string, string>): Promise<{ code: number | null; said: string }> {
	const relay = spawn(process.execPath, ['--conditions=@instagram-insights/source', MAIN, 'start'], {
		env: { PATH: process.env.PATH, ...environment(changes) },
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	onTestFinished(() => killHard(relay));
	let said = '';
	relay.stderr?.on('data', (chunk) => {
		said += chunk;
	});
	const [code] = await once(relay, 'close');
	return { code, said };
}

describe('the relay as a process', () => {
	test('ends with the reason when its port is taken', async () => {
		const other = createServer().listen(0, '127.0.0.1');
		await once(other, 'listening');
		onTestFinished(() => void other.close());
		const { port } = other.address() as AddressInfo;
		const { code, said } = await failedStart({ RELAY_PORT: `${port}` });
		expect([code, said]).toEqual([1, expect.stringContaining(`RELAY_PORT: ${port} on 127.0.0.1 is in use`)]);
	});

	test('says which settings are missing, and where each comes from', async () => {
		const { code, said } = await failedStart({ META_VERIFY_TOKEN: '', META_APP_SECRETS: '', RELAY_PORT: 'http' });
		expect(code).toBe(1);
		expect(said).toContain('META_VERIFY_TOKEN: is not set; choose any word');
		expect(said).toContain('META_APP_SECRETS: is not set; set it to instagram:');
		expect(said).toContain('RELAY_PORT: must be a number');
	});

	test.each([
		[{ RELAY_HOST: 'relay.invalid' }, 'RELAY_HOST: relay.invalid is not an address; use 127.0.0.1'],
		[
			{ RELAY_STORE: 'sqlite:/dev/null/relay.db' },
			'RELAY_STORE must name a file, in a folder that this user may write to',
		],
		[{ RELAY_STORE: `sqlite:${tmpdir()}` }, 'RELAY_STORE must name a file, in a folder that this user may write to'],
	])('says in plain words why it cannot start with %j', async (changes, words) => {
		const { code, said } = await failedStart(changes);
		expect(code).toBe(1);
		expect(said).toContain(words);
		expect(said).not.toMatch(/\n\s+at /);
	});

	test('names an unknown setting, such as a misspelt one', async () => {
		const relay = spawn(process.execPath, ['--conditions=@instagram-insights/source', MAIN, 'start'], {
			env: { PATH: process.env.PATH, ...environment({ RELAY_SUBSRIBERS: 'subscribers.json' }) },
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		onTestFinished(() => killHard(relay));
		let said = '';
		for await (const chunk of relay.stdout) {
			said += chunk;
			if (said.includes('"listening"')) break;
		}
		const warnings = said.split('\n').filter((line) => line.includes('"level":40'));
		expect(warnings).toEqual([expect.stringContaining('"name":"RELAY_SUBSRIBERS","msg":"unknown setting')]);
	});

	test('stops after npx ended without passing SIGTERM on', async () => {
		const port = await freePort();
		// As npx does it: a shell between, which stays for another command and ends at SIGTERM alone.
		const command = `'${process.execPath}' --conditions=@instagram-insights/source '${MAIN}' start; true`;
		const env = { PATH: process.env.PATH, ...environment({ RELAY_PORT: `${port}` }), npm_lifecycle_event: 'npx' };
		const shell = spawn('sh', ['-c', command], { env, stdio: ['ignore', 'pipe', 'ignore'] });
		let said = '';
		shell.stdout?.on('data', (chunk) => {
			said += chunk;
		});
		await pollUntil('the relay', () => said.includes('listening'));
		onTestFinished(() => {
			const pid = /"pid":(\d+)/.exec(said)?.[1];
			if (!said.includes('"stopped"') && pid !== undefined) process.kill(Number(pid), 'SIGKILL');
		});
		shell.kill('SIGTERM');
		await pollUntil('its end', () => said.includes('"stopped"'));
	});

	test('says within a second that PostgreSQL does not answer', async () => {
		const port = await freePort();
		const relay = spawn(process.execPath, ['--conditions=@instagram-insights/source', MAIN, 'start'], {
			env: {
				PATH: process.env.PATH,
				...environment({ RELAY_STORE: `postgres://relay:fake-pw@127.0.0.1:${port}/relay` }),
			},
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		onTestFinished(() => killHard(relay));
		let said = '';
		relay.stdout?.on('data', (chunk) => {
			said += chunk;
		});
		await pollUntil('the line', () => said.includes('PostgreSQL does not answer'));
		expect(said).toContain('that RELAY_STORE is correct');
		expect(said).not.toContain('fake-pw');
		// Nothing is there to drain, so it does not wait for PostgreSQL.
		relay.kill('SIGTERM');
		expect(await once(relay, 'close')).toEqual([0, null]);
		expect(said).toContain('"stopped"');
	});

	test('ends quietly when the reader of an export closes the pipe', async () => {
		const changes = environment();
		const relay = await startRelayProcess(changes);
		onTestFinished(() => killHard(relay));
		relay.kill('SIGTERM');
		await once(relay, 'exit');
		const store = await openStore(changes.RELAY_STORE ?? '', { dedupMs: 1 });
		// More than a pipe holds.
		await Promise.all(
			Array.from({ length: 50 }, (_, id) => store.append(commentReceipt([`${id}`], { text: 'x'.repeat(9000) }))),
		);
		await store.close();
		const command = `'${process.execPath}' --conditions=@instagram-insights/source '${MAIN}' export; echo "ended with $?" >&2`;
		const shell = spawn('sh', ['-c', `{ ${command}; } | head -n 1`], {
			env: { PATH: process.env.PATH, ...changes },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		const [out, said] = [[] as Buffer[], [] as Buffer[]];
		shell.stdout?.on('data', (chunk) => out.push(chunk));
		shell.stderr?.on('data', (chunk) => said.push(chunk));
		await once(shell, 'close');
		expect(JSON.parse(Buffer.concat(out).toString())).toMatchObject({ field: 'comments' });
		expect(Buffer.concat(said).toString()).toMatch(/^(\d+ of at most 50 events\n)*ended with 0\n$/);
	});

	test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('leaves one whole file at %s', async (signal) => {
		const changes = environment({ RELAY_PORT: `${await freePort()}` });
		const relay = await startRelayProcess(changes);
		onTestFinished(() => killHard(relay));
		const { body, headers } = signWebhook(commentBody('1'), 'fake-ig');
		const webhook = `http://127.0.0.1:${changes.RELAY_PORT}/webhooks/instagram`;
		expect((await fetch(webhook, { method: 'POST', body: Buffer.from(body), headers })).status).toBe(200);
		const logged = text(relay.stdout as Readable);
		relay.kill(signal);
		expect(await once(relay, 'exit')).toEqual([0, null]);
		expect(await logged).toContain('"msg":"stopped"');
		const path = changes.RELAY_STORE?.slice('sqlite:'.length) ?? '';
		expect(readdirSync(dirname(path)).sort()).toEqual(['relay.db', 'relay.db-owner']);
	});

	test('ends although nobody reads its log any more', async () => {
		const path = import.meta.resolve('../../src/cli/run-relay.ts');
		const lines = `const { log } = openLog('info'); log.info('one'); log.info('two'); process.exit();`;
		const child = spawn(
			process.execPath,
			[
				...['--conditions=@instagram-insights/source', '--input-type=module'],
				...['--eval', `import { openLog } from '${path}'; process.stdin.on('end', () => { ${lines} }).resume();`],
			],
			{ stdio: ['pipe', 'pipe', 'inherit'] },
		);
		onTestFinished(() => killHard(child));
		child.stdout.destroy();
		await once(child.stdout, 'close');
		child.stdin.end();
		expect(await once(child, 'exit')).toEqual([0, null]);
	});

	test('stops at SIGTERM although a client keeps a silent connection open', async () => {
		const port = await freePort();
		const relay = await startRelayProcess(environment({ RELAY_PORT: `${port}` }));
		onTestFinished(() => killHard(relay));
		const silent = connect(port, '127.0.0.1');
		silent.on('error', () => {});
		onTestFinished(() => void silent.destroy());
		await once(silent, 'connect');
		relay.kill('SIGTERM');
		expect(await once(relay, 'exit')).toEqual([0, null]);
	});
});
