import type { EventBrowser } from '../admin/admin-store.ts';

const PAGE = 1000;

/**
 * Stored events as JSON lines, oldest first: `{ event_id, object, field, account_id, occurred_at, received_at, value }`
 * with times in ISO 8601. Reads page by page, so that an export of any size needs the memory of one page.
 *
 * @param range received at or after `since`, before `until`, ms since 1970
 */
export async function* exportEvents(
	browse: Pick<EventBrowser, 'exportEvents'>,
	range: { since?: number | undefined; until?: number | undefined },
): AsyncGenerator<string> {
	const { since = 0, until = Number.MAX_SAFE_INTEGER } = range;
	for (let after = 0; ; ) {
		const rows = await browse.exportEvents({ after, limit: PAGE, since, until });
		for (const { eventId, object, field, accountId, occurredAt, receivedAt, value } of rows) {
			const head = JSON.stringify({
				event_id: eventId,
				object,
				field,
				account_id: accountId,
				occurred_at: occurredAt === null ? null : new Date(occurredAt).toISOString(),
				received_at: new Date(receivedAt).toISOString(),
			});
			// The value is JSON already. Parsing it would lose digits of its ids.
			yield `${head.slice(0, -1)},"value":${value}}\n`;
		}
		const last = rows.at(-1);
		if (last === undefined || rows.length < PAGE) return;
		after = last.seq;
	}
}

const REPORT_EVERY_MS = 1000;

/** Pass items on, and report their number about once a second and at the end. */
export async function* counted<Item>(items: AsyncIterable<Item>, tell: (done: number) => void): AsyncGenerator<Item> {
	let [done, toldAt] = [0, performance.now()];
	for await (const item of items) {
		yield item;
		done += 1;
		if (performance.now() - toldAt < REPORT_EVERY_MS) continue;
		toldAt = performance.now();
		tell(done);
	}
	tell(done);
}
