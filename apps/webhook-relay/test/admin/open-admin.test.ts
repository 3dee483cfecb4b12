import { describe, expect, test } from 'vitest';
import { oneAtATime } from '../../src/admin/open-admin.ts';

/** Work that ends when the test says so, and counts its runs. */
function startedWork() {
	const runs: PromiseWithResolvers<string>[] = [];
	const call = oneAtATime(() => {
		const run = Promise.withResolvers<string>();
		runs.push(run);
		return run.promise;
	});
	return { runs, call };
}

describe('oneAtATime', () => {
	test('runs once for all calls made meanwhile, and again for the next one', async () => {
		const { runs, call } = startedWork();
		const calls = [call(), call(), call()];
		expect(runs).toHaveLength(1);
		runs[0]?.resolve('first');
		expect(await Promise.all(calls)).toEqual(['first', 'first', 'first']);
		const next = call();
		expect(runs).toHaveLength(2);
		runs[1]?.resolve('second');
		expect(await next).toBe('second');
	});

	test('fails for all of them, and starts again afterwards', async () => {
		const { runs, call } = startedWork();
		const calls = [call(), call()];
		runs[0]?.reject(new Error('disk full'));
		await expect(Promise.allSettled(calls)).resolves.toMatchObject([
			{ status: 'rejected', reason: { message: 'disk full' } },
			{ status: 'rejected', reason: { message: 'disk full' } },
		]);
		const next = call();
		runs[1]?.resolve('room again');
		expect(await next).toBe('room again');
	});
});
