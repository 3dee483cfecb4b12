import { type RoutingRule, routingRule } from '../relay/rules.ts';
import type { AdminStore, ReplayRequest } from './admin-store.ts';
import { findEvents } from './event-query.ts';

/** What to deliver again, to whom. */
export type ReplayOrder = Omit<ReplayRequest, 'rule' | 'after' | 'limit' | 'now'> & {
	readonly subscribers: readonly RoutingRule[];
	/** see event-query.ts */
	readonly search?: string | undefined;
};

export type ReplayProgress = { readonly subscriberId: string; readonly looked: number; readonly replayed: number };

/** Events per transaction: it takes a few milliseconds, so that receiving continues between two steps. */
const STEP = 500;

export type Replayed = {
	/** deliveries that wait again, or would without `dryRun` */
	readonly deliveries: number;
	/** to show to the person who asked; null: none */
	readonly warning: string | null;
};

/** Replay in steps, subscriber after subscriber. */
export async function replay(
	store: Pick<AdminStore, 'replay' | 'browse'>,
	{ subscribers, search, ...filter }: ReplayOrder,
	options: { now: number; onStep?: (progress: ReplayProgress) => void },
): Promise<Replayed> {
	const found = search === undefined ? {} : { eventIds: await idsWith(store, search, filter) };
	let deliveries = 0;
	const unmarked: string[] = [];
	for (const subscriber of subscribers) {
		const rule = routingRule(subscriber);
		let [after, done, looked, replayed] = [0, false, 0, 0];
		while (!done) {
			const step = await store.replay({ ...filter, ...found, rule, after, limit: STEP, now: options.now });
			({ after, done } = step);
			looked += STEP;
			replayed += step.replayed;
			options.onStep?.({ subscriberId: rule.id, looked, replayed });
		}
		deliveries += replayed;
		// A dead delivery never started the workflow, so its trigger does not know the event.
		if (rule.mode === 'passthrough' && replayed > 0 && filter.state !== 'dead') unmarked.push(rule.id);
	}
	if (deliveries === 0 && filter.eventIds !== undefined) return { deliveries, warning: NONE_OF_THESE };
	return { deliveries, warning: unmarked.length === 0 ? null : unmarkedWarning(unmarked) };
}

const NONE_OF_THESE =
	'None of these events has a delivery to replay: check the event IDs, and what each subscriber wants. What still waits is delivered anyway.';

function unmarkedWarning(subscriberIds: readonly string[]): string {
	return (
		`Subscribers in mode "passthrough" (${subscriberIds.join(', ')}) get Meta's own bytes, which cannot carry the replay ` +
		'mark. A trigger that has already seen an event drops it as a duplicate, while the relay shows it as delivered. To ' +
		'run the workflow again, turn off Drop Duplicates in the trigger for a while, or use a subscriber in mode "event".'
	);
}

async function idsWith(
	store: Pick<AdminStore, 'browse'>,
	search: string,
	{ eventIds, fields, accounts, since, until }: Omit<ReplayOrder, 'subscribers'>,
): Promise<readonly string[]> {
	const limit = Number.MAX_SAFE_INTEGER;
	const { rows } = await findEvents(store.browse, { search, fields, accounts, since, until, limit });
	const ids = rows.map(({ eventId }) => eventId).reverse();
	return eventIds === undefined ? ids : ids.filter((id) => eventIds.includes(id));
}

/**
 * Send the waiting deliveries of a removed subscriber to another one, or drop them, in steps.
 *
 * @param to null: drop
 */
export async function release(
	store: Pick<AdminStore, 'release'>,
	{ subscriberId, to, now }: { subscriberId: string; to: RoutingRule | null; now: number },
): Promise<{ released: number; left: number }> {
	const total = { released: 0, left: 0 };
	for (let [after, done] = [0, false]; !done; ) {
		const rule = to === null ? null : routingRule(to);
		const step = await store.release({ subscriberId, to: rule, after, limit: STEP, now });
		({ after, done } = step);
		total.released += step.released;
		total.left += step.left;
	}
	return total;
}
