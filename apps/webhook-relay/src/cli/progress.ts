const INTERVAL_MS = 1000;

/** Pass items on, and report their number about once a second and at the end. */
export async function* counted<Item>(items: AsyncIterable<Item>, tell: (done: number) => void): AsyncGenerator<Item> {
	let [done, toldAt] = [0, performance.now()];
	for await (const item of items) {
		yield item;
		done += 1;
		if (performance.now() - toldAt < INTERVAL_MS) continue;
		toldAt = performance.now();
		tell(done);
	}
	tell(done);
}
