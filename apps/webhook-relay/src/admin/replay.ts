import { type RoutingRule, routingRule } from '../relay/rules.ts';
import type { AdminStore, ReplayRequest } from './admin-store.ts';
import { findEvents } from './find-events.ts';

/** What to deliver again, to whom. */
export type ReplayOrder = Omit<ReplayRequest, 'rule' | 'after' | 'limit' | 'now'> & {
	readonly subscribers: readonly RoutingRule[];
	/** see find-events.ts */
	readonly search?: string | undefined;
};

export type ReplayProgress = { readonly subscriberId: string; readonly looked: number; readonly replayed: number };

/** Events looked at in one transaction: a few milliseconds, so that receiving goes on between two steps. */
const STEP = 500;

/**
 * Replay in steps, subscriber after subscriber.
 *
 * @returns how many deliveries wait again, or would with `dryRun`
 */
export async function replay(
	store: Pick<AdminStore, 'replay' | 'browse'>,
	{ subscribers, search, ...filter }: ReplayOrder,
	options: { now: number; onStep?: (progress: ReplayProgress) => void },
): Promise<number> {
	const found = search === undefined ? {} : { eventIds: await idsWith(store, search, filter) };
	let total = 0;
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
		total += replayed;
	}
	return total;
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
 * Send what waits for a subscriber that is gone to another one, or drop it, in steps.
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
