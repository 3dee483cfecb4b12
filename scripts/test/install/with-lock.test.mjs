import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { withLock } from '../../install/with-lock.mjs';

/** @type {string} */
let name;
beforeEach(() => {
	name = `with-lock ${crypto.randomUUID()}`;
});

const LOCK = path.join(import.meta.dirname, '../../install/with-lock.mjs');

/** Another process that holds the lock until it is ended. */
async function holder() {
	const script = `
		import { withLock } from ${JSON.stringify(LOCK)};
		await withLock(${JSON.stringify(name)}, () => new Promise(() => { console.log('held'); setInterval(() => {}, 1e6); }));`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	await once(child.stdout, 'data');
	return child;
}

describe('withLock', () => {
	test('runs work one after the other', async () => {
		/** @type {string[]} */
		const seen = [];
		const work = (/** @type {string} */ who) => async () => {
			seen.push(`${who} begins`);
			await new Promise((resolve) => setImmediate(resolve));
			seen.push(`${who} ends`);
		};
		await Promise.all(['a', 'b', 'c'].map((who) => withLock(name, work(who))));
		expect(seen.map((line) => line.split(' ')[1])).toEqual(['begins', 'ends', 'begins', 'ends', 'begins', 'ends']);
		expect(new Set(seen).size).toBe(6);
	});

	test('returns the result of the work', async () => {
		expect(await withLock(name, async () => 42)).toBe(42);
	});

	test('is free again when the work fails', async () => {
		await expect(withLock(name, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
		expect(await withLock(name, async () => 'next')).toBe('next');
	});

	test('waits for another process, names it once, and goes on when it is killed', async () => {
		const log = vi.spyOn(console, 'log').mockReturnValue();
		const child = await holder();
		let isMine = false;
		const mine = withLock(name, async () => {
			isMine = true;
		});
		await vi.waitFor(() => expect(log).toHaveBeenCalledTimes(1));
		expect(log.mock.calls).toEqual([[expect.stringContaining(`process ${child.pid}`)]]);
		expect(isMine).toBe(false);
		child.kill('SIGKILL');
		await mine;
		expect(isMine).toBe(true);
		log.mockRestore();
	});
});
