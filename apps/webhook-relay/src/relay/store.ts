import type { EventPayload, Receipt, Subscriber } from './event.ts';
import type { Routable, RoutingRule, Verdict } from './rules.ts';

/**
 * The store of the relay: what must survive a crash, and nothing else. Reading for people, replay and retention are a port
 * of their own, admin/admin-store.ts.
 *
 * Words: a **receipt** is one verified POST of Meta; an **event** is one update in it and is stored once; a **delivery**
 * is an event for one subscriber; an **attempt** is one HTTP try; a **lease** is the time a claimed delivery stays ours.
 * A delivery is `pending` (waiting, or leased), then `delivered` or `dead`. It leaves `pending` only by `settle`.
 *
 * What every implementation promises (test/relay/contract.ts holds each to it):
 *
 * - **Durable.** When a promise of `append`, `route` or `settle` resolves, its effect survives `kill -9` and loss of
 *   power. When it rejects, nothing of it is visible, or, if the answer itself was lost, all of it.
 * - **Whole.** `append` stores the receipt, its new events, their dedup keys and all their deliveries, or nothing.
 * - **Once.** An event whose key and content were stored within the dedup time is not stored again, however many
 *   `append`s run at the same moment. The same key with other content is stored and counted as `changed`.
 * - **At least once.** A pending delivery is claimed again when its lease ends without `settle`. Two holders never have
 *   a lease on the same delivery at the same time, by the clock handed in as `now`.
 * - **Order.** Claims come by due time, then in the order received. With `order: 'account'` only the oldest pending
 *   delivery of an account is claimed, and only while the account has no lease, so a later one never overtakes it,
 *   failing or not, and a replayed one waits for what is under way.
 * - **Limits hold over all holders**: leases ≤ `concurrency`, starts ≤ `ratePerSecond`, none while paused by the operator
 *   or held, one at a time as a probe (guard/limits.ts).
 * - **Never blocks for long.** Every promise settles within seconds: a store that is locked, full or gone rejects with a
 *   `StoreError`.
 */
export interface EventStore {
	/** Store a receipt. Calls made together may share one commit. The order of calls is the order of events. */
	append(receipt: Receipt): Promise<Appended>;

	/**
	 * Route receipts appended from now on by these rules, and remember the subscribers; deliveries made before stay. What
	 * the relay holds or paused is free again when its `revision` changed.
	 *
	 * @param list the text they were read from, kept for `lastList`; left out: the one kept before stays
	 */
	route(subscribers: readonly RoutedSubscriber[], list?: string): Promise<void>;

	/** The text last given to `route`, for a start at which the file cannot be read; null: none. It may hold secrets. */
	lastList(): Promise<string | null>;

	/** Lease due deliveries of one subscriber. */
	claim(request: ClaimRequest): Promise<Claimed>;

	/**
	 * Record attempts and what follows from them: the delivery's `outcome`, the subscriber's health. A settlement
	 * whose lease has passed to another holder is recorded, and changes the delivery only when it says `delivered`. It
	 * changes the subscriber's health in any case: the receiver did answer so.
	 */
	settle(settlements: readonly Settlement[]): Promise<void>;

	/**
	 * End all leases of this holder at once. A new process finds those of a crashed one only if it keeps its name, as on
	 * SQLite; otherwise they end by their time.
	 */
	releaseLeases(holder: string, now: number): Promise<void>;

	/** Called after commits that may have made deliveries due, with their subscribers; may be called without need. */
	onDue(listener: (subscriberIds: readonly string[]) => void): void;

	/** Append a receipt and take it back, then commit something. Rejects when `append` would. */
	check(): Promise<void>;

	/** Finish what was asked, then let go of files and connections. */
	close(): Promise<void>;
}

/** Why the store could not do what was asked. Each may pass: the relay answers 503 meanwhile, and goes on by itself. */
export type StoreErrorKind =
	/** the disk, the quota or RELAY_STORE_MAX_MB is used up */
	| 'full'
	/** someone else holds the lock for longer than the store waits */
	| 'locked'
	| 'read-only'
	/** the server does not answer: it restarts, fails over, or the network is down */
	| 'unreachable'
	/** too many receipts wait for a commit */
	| 'overloaded'
	/** the file was removed or replaced: nothing is taken until the same one is back */
	| 'lost'
	/** the commit took longer than Meta waits; it may still succeed */
	| 'late'
	| 'failed';

export class StoreError extends Error {
	override readonly name = 'StoreError';
	readonly kind: StoreErrorKind;

	constructor(kind: StoreErrorKind, message: string, options?: ErrorOptions) {
		super(message, options);
		this.kind = kind;
	}
}

export type Appended = {
	/** events stored now */
	readonly stored: readonly StoredEvent[];
	/** events that were stored before */
	readonly duplicates: number;
	/** one entry for each of them */
	readonly repeated: readonly Routable[];
	/** stored events whose key was known with other content */
	readonly changed: number;
	/** subscribers that got deliveries */
	readonly subscribers: readonly string[];
	/** how long the commit took; shared by all appends of one commit */
	readonly commitMs: number;
};
export type StoredEvent = Routable & { readonly eventId: string };

export type RoutedSubscriber = RoutingRule & { readonly revision: string };

export type ClaimRequest = Pick<Subscriber, 'concurrency' | 'ratePerSecond' | 'order'> & {
	readonly subscriberId: string;
	/** who holds the leases: one name per process */
	readonly holder: string;
	readonly leaseMs: number;
	/** include the receipt's bytes and signature */
	readonly withBody: boolean;
	/** most deliveries wanted */
	readonly limit: number;
	readonly now: number;
};

export type Claimed = {
	readonly deliveries: readonly ClaimedDelivery[];
	/** when asking again may give more; null: not before `onDue` names it */
	readonly wakeAt: number | null;
	/** why the subscriber gets less than it could take; null: nothing holds it */
	readonly hold: Hold | null;
};

/** Why a subscriber gets less than it could take: its circuit is open, it asked to wait, or the relay or a person paused it. */
export type Hold = { readonly kind: 'circuit' | 'asked' | 'access' | 'operator'; readonly until: number | null };

export type ClaimedDelivery = EventPayload & {
	/** names the delivery together with the event's id */
	readonly subscriberId: string;
	/** proves that the lease is ours when settling */
	readonly lease: string;
	/** attempts made before this one */
	readonly attempts: number;
};

export type Settlement = {
	readonly eventId: string;
	readonly subscriberId: string;
	readonly lease: string;
	readonly attempt: AttemptRecord;
	readonly verdict: Verdict;
	readonly outcome:
		| { readonly kind: 'delivered' }
		| { readonly kind: 'dead' }
		| { readonly kind: 'retry'; readonly dueAt: number };
};

export type AttemptRecord = {
	readonly startedAt: number;
	readonly durationMs: number;
	/** null: no HTTP answer */
	readonly status: number | null;
	/** the verdict's code */
	readonly reason: string;
	/** the first few hundred letters of the answer */
	readonly excerpt: string;
};
