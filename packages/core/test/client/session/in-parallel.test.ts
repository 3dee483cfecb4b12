import { describe, expect, test } from 'vitest';
import { allInParallel, inParallel } from '../../../src/client/session/in-parallel.ts';

const turn = () => Promise.resolve();

describe('inParallel', () => {
	test('returns results in the order of the items, however long each takes', async () => {
		const task = async (item: number) => {
			for (let i = 0; i < 10 - item; i += 1) await turn();
			return item * 10;
		};
		expect(await allInParallel([1, 2, 3, 4, 5], 3, task)).toEqual([10, 20, 30, 40, 50]);
	});

	test('never runs more at a time than allowed', async () => {
		let underWay = 0;
		let most = 0;
		await allInParallel(Array.from({ length: 20 }), 4, async () => {
			underWay += 1;
			most = Math.max(most, underWay);
			await turn();
			underWay -= 1;
		});
		expect(most).toBe(4);
	});

	test('starts nothing new after a failure, and throws the first one', async () => {
		const started: number[] = [];
		const run = allInParallel([1, 2, 3, 4, 5, 6], 2, async (item) => {
			started.push(item);
			await turn();
			if (item === 2) throw new Error('second');
			return item;
		});
		await expect(run).rejects.toThrow('second');
		expect(started).toEqual([1, 2, 3]);
	});

	test('yields a result before later ones start', async () => {
		const started: number[] = [];
		for await (const result of inParallel([1, 2, 3, 4], 1, async (item) => started.push(item))) {
			expect(started).toHaveLength(result);
		}
	});
});
