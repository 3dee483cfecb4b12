import { type RoutingRule, routingRule } from '../relay/rules.ts';
import type { AdminStore, ReplayRequest } from './admin-store.ts';

/** What to deliver again, to whom. */
export type ReplayOrder = Omit<ReplayRequest, 'rule' | 'after' | 'limit' | 'now'> & {
	readonly subscribers: readonly RoutingRule[];
};

export type ReplayProgress = { readonly subscriberId: string; readonly looked: number; readonly replayed: number };

/** Events looked at in one transaction: a few milliseconds, so that receiving goes on between two steps. */
const STEP = 500;

/**
 * Replay in steps, subscriber after subscriber.
 *
 * @returns how many deliveries wait again
 */
export async function replay(
	store: Pick<AdminStore, 'replay'>,
	{ subscribers, ...filter }: ReplayOrder,
	options: { now: number; onStep?: (progress: ReplayProgress) => void },
): Promise<number> {
	let total = 0;
	for (const subscriber of subscribers) {
		const rule = routingRule(subscriber);
		let [after, done, looked, replayed] = [0, false, 0, 0];
		while (!done) {
			const step = await store.replay({ ...filter, rule, after, limit: STEP, now: options.now });
			({ after, done } = step);
			looked += STEP;
			replayed += step.replayed;
			options.onStep?.({ subscriberId: rule.id, looked, replayed });
		}
		total += replayed;
	}
	return total;
}
