import type { Clock } from '@instagram-insights/core';
import type { Tracing } from '../trace/tracing.ts';
import type { EventStore } from './event-store.ts';
import type { HttpSender } from './http-sender.ts';
import { type AttemptReport, type Lane, startLane } from './lane.ts';
import type { Subscriber } from './subscriber.ts';
import { revisionOf } from './subscriber-revision.ts';

export type DispatcherOptions = {
	readonly store: EventStore;
	readonly clock: Clock;
	readonly random: () => number;
	/** whose leases ours are */
	readonly holder: string;
	/** a sender for one subscriber: connections are not shared between subscribers */
	readonly createSender: (subscriber: Subscriber) => HttpSender;
	readonly tracing: Pick<Tracing, 'attempt'>;
	readonly onAttempt: (report: AttemptReport) => void;
	readonly onStoreError: (error: unknown) => void;
};

export type Dispatcher = {
	/** Deliver to these subscribers from now on. Lanes of unchanged ones go on; others finish what is under way. */
	use(subscribers: readonly Subscriber[]): void;
	/** Claim no more, finish what is under way for at most `patienceMs`, then give all leases back. */
	stop(patienceMs: number): Promise<void>;
};

/** One lane a subscriber, and the store's news to the right lane. */
export function startDispatcher(options: DispatcherOptions): Dispatcher {
	const { store, clock } = options;
	const lanes = new Map<string, { revision: string; lane: Lane; sender: HttpSender; patienceMs: number }>();
	const retiring = new Set<Promise<void>>();

	store.onDue((subscriberIds) => {
		for (const id of subscriberIds) lanes.get(id)?.lane.wake();
	});

	function retire(id: string, patienceMs?: number): void {
		const old = lanes.get(id);
		if (old === undefined) return;
		lanes.delete(id);
		const retired = old.lane
			.stop(patienceMs ?? old.patienceMs)
			.then(() => old.sender.close())
			.catch(options.onStoreError)
			.finally(() => retiring.delete(retired));
		retiring.add(retired);
	}

	return {
		use(subscribers) {
			const wanted = new Set(subscribers.map(({ id }) => id));
			for (const id of [...lanes.keys()]) if (!wanted.has(id)) retire(id);
			for (const subscriber of subscribers) {
				const revision = revisionOf(subscriber);
				if (lanes.get(subscriber.id)?.revision === revision) continue;
				// The old lane's leases count against the limit in the store, so both together stay within it.
				retire(subscriber.id);
				const sender = options.createSender(subscriber);
				const lane = startLane({ ...options, subscriber, sender });
				lanes.set(subscriber.id, { revision, lane, sender, patienceMs: subscriber.timeoutMs });
			}
		},
		async stop(patienceMs) {
			for (const id of [...lanes.keys()]) retire(id, patienceMs);
			await Promise.all(retiring);
			await store.releaseLeases(options.holder, clock.now().getTime()).catch(options.onStoreError);
		},
	};
}
