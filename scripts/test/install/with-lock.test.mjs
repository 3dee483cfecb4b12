import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withLock } from '../../install/with-lock.mjs';

/** @type {string} */
let folder;
/** @type {string} */
let file;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'with-lock-'));
	file = path.join(folder, 'work.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('withLock', () => {
	test('runs work one after the other', async () => {
		/** @type {string[]} */
		const reported = [];
		const work = (/** @type {string} */ name) => async () => {
			reported.push(`${name} begins`);
			await new Promise((resolve) => setImmediate(resolve));
			reported.push(`${name} ends`);
		};
		await Promise.all([withLock(file, work('a')), withLock(file, work('b'))]);
		expect(reported).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
	});

	test('hands out what the work gives and leaves no file', async () => {
		expect(await withLock(file, async () => 42)).toBe(42);
		expect(existsSync(file)).toBe(false);
	});

	test('leaves no file when the work fails', async () => {
		await expect(withLock(file, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
		expect(existsSync(file)).toBe(false);
	});

	test('takes over from a process that is gone', async () => {
		// Linux never gives a process this number: it is above the highest that can be configured.
		writeFileSync(file, '4194305');
		expect(await withLock(file, async () => 'mine')).toBe('mine');
	});

	test('takes over a file that nobody touched for over a minute', async () => {
		writeFileSync(file, String(process.ppid));
		const before = new Date(Date.now() - 61_000);
		utimesSync(file, before, before);
		expect(await withLock(file, async () => 'mine')).toBe('mine');
	});
});
