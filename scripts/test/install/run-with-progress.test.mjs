import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { runWithProgress } from '../../install/run-with-progress.mjs';

vi.spyOn(process.stdout, 'write').mockReturnValue(true);

const MODULE = path.join(import.meta.dirname, '../../install/run-with-progress.mjs');

describe('runWithProgress', () => {
	test('keeps the output and the exit code', async () => {
		const script = 'console.log("one"); console.error("two"); process.exitCode = 3';
		const command = [process.execPath, '-e', script];
		const { code, output } = await runWithProgress('trying', command, { cwd: '.', env: process.env });
		expect(code).toBe(3);
		expect(output.split('\n').sort()).toEqual(['', 'one', 'two']);
	});

	test('ends all commands and what they started when it gets a signal, and starts nothing more', async () => {
		// The inner processes hold the output open: only when they have ended too do the runs end.
		const inner = "['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'inherit' }";
		const outer = `console.log('started'); require('node:child_process').spawn(process.execPath, ${inner})`;
		const both = `
			import { runWithProgress } from ${JSON.stringify(MODULE)};
			let started = 0;
			const read = () => { if (++started === 2) process.kill(process.pid, 'SIGTERM'); };
			const run = (label) => runWithProgress(label, [process.execPath, '-e', ${JSON.stringify(outer)}], { cwd: '.', env: {}, read });
			await Promise.all([run('a'), run('b')]);
			console.log('went on');`;
		const child = spawn(process.execPath, ['--input-type=module', '-e', both], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		let output = '';
		child.stdout.on('data', (chunk) => (output += chunk));
		expect(await once(child, 'close')).toEqual([130, null]);
		expect(output).toMatch(/a: stopped \(/);
		expect(output).toMatch(/b: stopped \(/);
		expect(output).not.toContain('went on');
	});

	test('says that a program is not there', async () => {
		const { code, output } = await runWithProgress('trying', ['/nowhere/program'], { cwd: '.', env: {} });
		expect(code).toBe(127);
		expect(output).toContain('ENOENT');
	});
});
