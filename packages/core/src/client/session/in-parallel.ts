/**
 * Run a task over items, at most `limit` at a time, started in order. Results come in the order of the items, each as
 * soon as it and those before it are done. At most `limit` results wait to be taken, so memory stays flat.
 *
 * The first task that fails ends the run with its error: no further task starts, and the results of running tasks are
 * dropped.
 */
export async function* inParallel<Item, Result>(
	items: Iterable<Item>,
	limit: number,
	task: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
	const underWay: Promise<Result>[] = [];
	const start = (item: Item) => {
		const running = task(item);
		// A failure is reported when its turn comes; until then it must not count as unhandled.
		running.catch(() => undefined);
		underWay.push(running);
	};
	for (const item of items) {
		if (underWay.length >= Math.max(1, limit)) yield await (underWay.shift() as Promise<Result>);
		start(item);
	}
	for (const running of underWay) yield await running;
}

/** All results of {@link inParallel} as a list. */
export async function allInParallel<Item, Result>(
	items: Iterable<Item>,
	limit: number,
	task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	for await (const result of inParallel(items, limit, task)) results.push(result);
	return results;
}
