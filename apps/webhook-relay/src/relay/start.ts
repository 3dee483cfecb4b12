import type { Router } from 'express';
import { type DeliverOptions, startDeliveries } from './deliver.ts';
import { revisionOf, type Subscriber } from './event.ts';
import { type Observer, observeAll } from './observe.ts';
import { type ReceiveOptions, receiveRoutes } from './receive.ts';
import { routingRule } from './rules.ts';
import type { RoutedSubscriber } from './store.ts';

/**
 * The core of the relay: verify, commit, answer 200, fan out, deliver until taken. To read this folder, begin here, then
 * `receive.ts` (Meta's POST), `event.ts` (what is in it, and what goes out), `store.ts` (what must survive), `deliver.ts`
 * and `send.ts` (the way to a subscriber), `rules.ts` (every decision on that way), `observe.ts` (who watches).
 */
export type RelayCoreOptions = Omit<ReceiveOptions & DeliverOptions, 'observer' | 'now'> & {
	readonly observers: readonly Observer[];
};

export type RunningCore = {
	/** Meta's two requests; listening is up to the caller. */
	readonly routes: Router;
	/** Route and deliver to these from now on. */
	use(subscribers: readonly Subscriber[], from?: ListOrigin): Promise<void>;
	/** Stop delivering; see `Deliveries.stop`. */
	stop(patienceMs: number): Promise<void>;
};

/** `waiting`: deliveries to these collect, since their secrets cannot be read; `list`: see `EventStore.route`. */
type ListOrigin = { readonly waiting?: readonly RoutedSubscriber[]; readonly list?: string };

export async function startCore(options: RelayCoreOptions): Promise<RunningCore> {
	const { store, clock, holder } = options;
	const observer = observeAll(options.observers);
	const now = () => clock.now().getTime();
	await store.releaseLeases(holder, now());
	const deliveries = startDeliveries({ ...options, observer });
	return {
		routes: receiveRoutes({ ...options, observer, now }),
		async use(subscribers, { waiting = [], list } = {}) {
			const routed = subscribers.map((one) => ({ ...routingRule(one), revision: revisionOf(one) }));
			await store.route([...routed, ...waiting], list);
			deliveries.use(subscribers);
		},
		stop: deliveries.stop,
	};
}
