import { describe, expect, test, vi } from 'vitest';
import { runWithProgress } from '../../install/run-with-progress.mjs';

vi.spyOn(process.stdout, 'write').mockReturnValue(true);

/** @param {string} script @param {object} [more] */
const run = (script, more) =>
	runWithProgress('trying', [process.execPath, '-e', script], { cwd: '.', env: process.env, limitMinutes: 1, ...more });

describe('runWithProgress', () => {
	test('keeps the output and the exit code', async () => {
		const { code, output, timedOut } = await run('console.log("one"); console.error("two"); process.exitCode = 3');
		expect([code, timedOut]).toEqual([3, false]);
		expect(output.split('\n').sort()).toEqual(['', 'one', 'two']);
	});

	test('ends a command that takes too long, and what it started', async () => {
		// The inner process holds the output open: only when it has ended too does the run end.
		const inner = "['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'inherit' }";
		const outer = `require('node:child_process').spawn(process.execPath, ${inner}); setInterval(() => {}, 1e6)`;
		expect(await run(outer, { limitMinutes: 1 / 100 })).toMatchObject({ code: 1, timedOut: true });
	});

	test('says that a program is not there', async () => {
		const { code, output } = await runWithProgress('trying', ['/nowhere/program'], {
			cwd: '.',
			env: {},
			limitMinutes: 1,
		});
		expect(code).toBe(127);
		expect(output).toContain('ENOENT');
	});
});
