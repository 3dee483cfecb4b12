import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { startSandbox } from '../src/index.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
let child: ChildProcess | undefined;
afterEach(() => {
	child?.kill('SIGKILL');
});

function run(port: string): ChildProcess {
	child = spawn(process.execPath, [MAIN], {
		env: { ...process.env, SANDBOX_PORT: port },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	return child;
}

async function textOf(stream: NodeJS.ReadableStream | null, until: string): Promise<string> {
	let text = '';
	for await (const chunk of stream ?? []) {
		text += String(chunk);
		if (text.includes(until)) break;
	}
	return text;
}

describe('main', () => {
	test.each(['SIGINT', 'SIGTERM'] as const)('prints URLs and tokens, serves, and ends on %s', async (signal) => {
		const started = run('0');
		const text = await textOf(started.stdout, '__sandbox');
		expect(text).toContain('IGAA-sandbox-bakery');
		const baseUrl = /http:\S+graph\.instagram\.com/.exec(text)?.[0] ?? '';
		const reply = await fetch(`${baseUrl}/v25.0/me`, { headers: { authorization: 'Bearer IGAA-sandbox-bakery' } });
		expect(reply.status).toBe(200);
		const ended = once(started, 'exit');
		started.kill(signal);
		expect((await ended)[0]).toBe(0);
	});

	test('says in one sentence that the port is taken', async () => {
		const other = await startSandbox();
		const started = run(String(other.port));
		const ended = once(started, 'exit');
		expect(await textOf(started.stderr, 'free one')).toBe(
			`Port ${other.port} is taken: set SANDBOX_PORT to a free one.\n`,
		);
		expect((await ended)[0]).toBe(1);
		await other.stop();
	});

	test('says in one sentence that the port is not a port', async () => {
		const started = run('eighty');
		const ended = once(started, 'exit');
		expect(await textOf(started.stderr, 'eighty')).toBe('SANDBOX_PORT must be a port number, not "eighty".\n');
		expect((await ended)[0]).toBe(1);
	});
});
