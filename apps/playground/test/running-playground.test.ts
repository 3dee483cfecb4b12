import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimPlayground } from '../src/running-playground.ts';

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'running-playground-'));
});
afterEach(() => {
	for (const child of children.splice(0)) child.kill('SIGKILL');
	rmSync(folder, { recursive: true });
});

/** A process that keeps running, with the word in its command line. */
async function endless(word: string): Promise<number> {
	const script = `console.log('here'); setInterval(() => {}, 1e6) // ${word}`;
	const child = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
	children.push(child);
	await new Promise((resolve) => child.stdout?.once('data', resolve));
	return child.pid ?? 0;
}

const file = () => path.join(folder, 'running.json');

describe('claimPlayground', () => {
	test('refuses a second playground on the same state, by process and address', async () => {
		const pid = await endless('start.ts');
		writeFileSync(file(), JSON.stringify({ pid, url: 'http://127.0.0.1:5678', started: [] }));
		await expect(claimPlayground(folder, 'http://127.0.0.1:5680')).rejects.toThrow(
			new RegExp(`running already \\(process ${pid}\\) at http://127\\.0\\.0\\.1:5678`),
		);
	});

	test('takes over from one that is gone, and ends what it left', async () => {
		const left = await endless('left-by-an-earlier-start');
		// No process has this number on Linux.
		const gone = { pid: 4194305, url: '', started: [{ pid: left, command: 'left-by-an-earlier-start' }] };
		writeFileSync(file(), JSON.stringify(gone));
		const ended = new Promise((resolve) => children[0]?.once('exit', (_code, signal) => resolve(signal)));
		await claimPlayground(folder, 'http://127.0.0.1:5678');
		expect(await ended).toBe('SIGKILL');
	});

	test('leaves another program alone that reuses the number of an earlier process', async () => {
		const stranger = await endless('something-else');
		const gone = { pid: 4194305, url: '', started: [{ pid: stranger, command: 'left-by-an-earlier-start' }] };
		writeFileSync(file(), JSON.stringify(gone));
		await claimPlayground(folder, 'http://127.0.0.1:5678');
		expect(() => process.kill(stranger, 0)).not.toThrow();
		expect(children[0]?.signalCode).toBeNull();
	});

	test('takes over a note that was cut off', async () => {
		writeFileSync(file(), '{"pid":');
		await expect(claimPlayground(folder, 'http://127.0.0.1:5678')).resolves.toBeDefined();
	});

	test('leaves nothing behind when released', async () => {
		const claim = await claimPlayground(folder, 'http://127.0.0.1:5678');
		claim.remember(process.pid, 'node');
		expect(existsSync(file())).toBe(true);
		claim.release();
		expect(existsSync(file())).toBe(false);
	});
});
