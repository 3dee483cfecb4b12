import { StoreError } from '@instagram-insights/webhook-relay/relay/store';
import { describe, expect, test } from 'vitest';
import { groupCalls } from '../src/group-calls.ts';

const limits = { most: 3, sizeOf: () => 1, mostWaiting: 10 };

/** Runs that end on command. */
function controlledRuns() {
	const runs: { items: readonly number[]; end: () => void; fail: (error: Error) => void }[] = [];
	const run = (items: readonly number[]) =>
		new Promise<readonly number[]>((resolve, reject) => {
			runs.push({ items, end: () => resolve(items.map((item) => item * 10)), fail: reject });
		});
	return { runs, run };
}

describe('groupCalls', () => {
	test('does calls made together in one run, and gives each its own result', async () => {
		const { runs, run } = controlledRuns();
		const group = groupCalls({ ...limits, run });
		const calls = [group.call(1), group.call(2)];
		await expect.poll(() => runs.length).toBe(1);
		runs[0]?.end();
		expect(await Promise.all(calls)).toEqual([10, 20]);
	});

	test('gathers what comes during a run into the next, in order and no more than allowed', async () => {
		const { runs, run } = controlledRuns();
		const group = groupCalls({ ...limits, run });
		void group.call(1);
		await expect.poll(() => runs.length).toBe(1);
		for (const item of [2, 3, 4, 5]) void group.call(item);
		runs[0]?.end();
		await expect.poll(() => runs.length).toBe(2);
		runs[1]?.end();
		await expect.poll(() => runs.length).toBe(3);
		expect(runs.map(({ items }) => items)).toEqual([[1], [2, 3, 4], [5]]);
		runs[2]?.end();
		await group.drained();
	});

	test('does the items one by one when what one of them holds is refused', async () => {
		const seen: number[][] = [];
		const group = groupCalls({
			...limits,
			run: async (items: readonly number[]) => {
				seen.push([...items]);
				if (items.includes(2)) throw new StoreError('failed', 'two is not good');
				return items;
			},
		});
		const calls = await Promise.allSettled([group.call(1), group.call(2), group.call(3)]);
		expect(calls.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
		expect(seen).toEqual([[1, 2, 3], [1], [2], [3]]);
	});

	test('tries nothing again when the server is away', async () => {
		let runs = 0;
		const group = groupCalls<number, number>({
			...limits,
			run: async () => {
				runs += 1;
				throw new StoreError('unreachable', 'gone');
			},
		});
		const calls = await Promise.allSettled([group.call(1), group.call(2)]);
		expect(calls.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		expect(runs).toBe(1);
	});

	test('refuses what is more than may wait, and takes calls again afterwards', async () => {
		const { runs, run } = controlledRuns();
		const group = groupCalls({ ...limits, mostWaiting: 2, run });
		const taken = [group.call(1), group.call(2)];
		await expect(group.call(3)).rejects.toMatchObject({ kind: 'overloaded' });
		await expect.poll(() => runs.length).toBe(1);
		runs[0]?.end();
		await Promise.all(taken);
		const later = group.call(4);
		await expect.poll(() => runs.length).toBe(2);
		runs[1]?.end();
		expect(await later).toBe(40);
	});
});
