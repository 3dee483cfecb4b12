import type { EventContext, EventShape } from './event-shape.ts';

/**
 * The body Meta would post for these events of one account, one entry for each run of events of the same place.
 *
 * `entry.time` is when the notification was sent: seconds for changes, milliseconds for messages.
 */
export function envelope(
	events: readonly { readonly shape: EventShape; readonly context: EventContext }[],
	sentAt: number,
): object {
	const entries: Record<string, unknown>[] = [];
	let open: { place: string; account: string; list: unknown[] } | null = null;
	for (const { shape, context } of events) {
		const account = shape.fromDashboard === true ? '0' : context.account.id;
		const value = shape.value(context);
		if (shape.place === 'flat') {
			// The flat form holds one event only.
			entries.push({ id: account, time: Math.floor(sentAt / 1000), field: shape.field, value });
			open = null;
			continue;
		}
		const item = shape.place === 'changes' ? { field: shape.field, value } : value;
		if (open !== null && open.place === shape.place && open.account === account) {
			open.list.push(item);
			continue;
		}
		const list = [item];
		open = { place: shape.place, account, list };
		entries.push({
			id: account,
			time: shape.place === 'changes' ? Math.floor(sentAt / 1000) : sentAt,
			[shape.place]: list,
		});
	}
	return { object: 'instagram', entry: entries };
}
