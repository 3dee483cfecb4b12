import type { AccountFieldRow, AdminStore } from '@instagram-insights/webhook-relay/admin/admin-store';
import { NOON } from '@instagram-insights/webhook-relay/test/relay/sample-receipt';

/** All that a store shows, byte for byte. */
export async function everythingOf({ browse }: AdminStore) {
	const rows = await browse.exportEvents({ after: 0, limit: 100_000 });
	// One after the other: a call that waits too long for one of the few reading connections fails.
	const events = [];
	for (const row of rows) {
		const [detail, payload] = [await browse.event(row.eventId), await browse.payload(row.eventId)];
		events.push({ row, detail, payload, body: Buffer.from(payload?.body ?? []).toString('hex') });
	}
	const { bytes: _, ...totals } = await browse.totals(NOON);
	return {
		events: events.map(({ payload, ...event }) => ({ ...event, signature: payload?.signature })),
		subscribers: await browse.subscribers(NOON),
		accounts: (await browse.accounts()).toSorted(byName),
		totals,
	};
}

type Everything = Awaited<ReturnType<typeof everythingOf>>;

/** The same as PostgreSQL shows it after a move: no NUL in texts, and no lease, so that what was leased is due. */
export function afterMove(before: Everything): Everything {
	const text: Everything = JSON.parse(JSON.stringify(before), (_, value) =>
		typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value,
	);
	return {
		...text,
		accounts: text.accounts.toSorted(byName),
		subscribers: text.subscribers.map((one) => ({ ...one, leased: 0 })),
		events: text.events.map(({ detail, ...event }) => ({
			...event,
			detail: detail && {
				...detail,
				deliveries: detail.deliveries.map((one) =>
					one.leased ? { ...one, leased: false, dueAt: one.receivedAt } : one,
				),
			},
		})),
	};
}

function byName(one: AccountFieldRow, other: AccountFieldRow): number {
	return `${one.accountId} ${one.field}` < `${other.accountId} ${other.field}` ? -1 : 1;
}
