import { StoreError } from '@instagram-insights/webhook-relay/relay/store';

type Waiting<Item, Result> = {
	readonly item: Item;
	readonly size: number;
	resolve(result: Result): void;
	reject(error: unknown): void;
};

export type GroupOptions<Item, Result> = {
	/** Do all of them together: all or nothing, results in the order of the items. */
	readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
	/** most items of one run */
	readonly most: number;
	/** what an item weighs, and how much may wait; more is refused */
	readonly sizeOf: (item: Item) => number;
	readonly mostWaiting: number;
};

export type Grouped<Item, Result> = {
	call(item: Item): Promise<Result>;
	/** Resolves when nothing waits and nothing runs. */
	drained(): Promise<void>;
};

/**
 * Group commit: calls made while a run is under way wait and form the next run, so that one commit serves all of them,
 * and the order of calls is the order of runs.
 *
 * A run that PostgreSQL refuses for what it holds (`failed`) is done again item by item: one item that cannot be stored
 * costs no other.
 */
export function groupCalls<Item, Result>({
	run,
	most,
	sizeOf,
	mostWaiting,
}: GroupOptions<Item, Result>): Grouped<Item, Result> {
	const queue: Waiting<Item, Result>[] = [];
	let [running, waiting] = [false, 0];
	let whenDrained: (() => void)[] = [];

	async function work(): Promise<void> {
		while (queue.length > 0) await runGroup(queue.splice(0, most));
		running = false;
		for (const reported of whenDrained) reported();
		whenDrained = [];
	}

	async function runGroup(group: readonly Waiting<Item, Result>[]): Promise<void> {
		try {
			const results = await run(group.map(({ item }) => item));
			for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
		} catch (error) {
			const alone = group.length > 1 && error instanceof StoreError && error.kind === 'failed';
			if (alone) for (const one of group) await runGroup([one]);
			else for (const { reject } of group) reject(error);
			if (alone) return;
		}
		for (const { size } of group) waiting -= size;
	}

	return {
		call: (item) =>
			new Promise((resolve, reject) => {
				const size = sizeOf(item);
				if (waiting > 0 && waiting + size > mostWaiting) {
					return reject(new StoreError('overloaded', `${queue.length} calls wait for a commit`));
				}
				waiting += size;
				queue.push({ item, size, resolve, reject });
				if (running) return;
				running = true;
				// After the poll phase: every request that has arrived by now joins.
				setImmediate(() => void work());
			}),
		drained: () =>
			new Promise((resolve) => {
				if (running) whenDrained.push(resolve);
				else resolve();
			}),
	};
}
