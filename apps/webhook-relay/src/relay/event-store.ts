import type { EventBrowser } from './event-browser.ts';
import type { EventPayload } from './event-payload.ts';
import type { RoutingRule } from './fan-out.ts';
import type { Receipt } from './receipt.ts';
import type { HealthSignal } from './subscriber-health.ts';

/**
 * The store of the relay: what must survive a crash, and nothing else.
 *
 * Words: a **receipt** is one verified POST of Meta; an **event** is one update in it and is stored once; a **delivery**
 * is an event for one subscriber; an **attempt** is one HTTP try; a **lease** is the time a claimed delivery stays ours.
 *
 * A delivery is `pending` (waiting, or leased), then `delivered` or `dead`. It leaves `pending` only by `settle`, and
 * comes back only by `replay`.
 *
 * What every implementation promises (test/store/contract.ts holds each to it):
 *
 * - **Durable.** When a promise of `append`, `settle`, `replay`, `pause` or `resume` resolves, its effect survives
 *   `kill -9` and loss of power. When it rejects, nothing of it is visible, or, if the answer itself was lost, all of it.
 * - **Whole.** `append` stores the receipt, its new events, their dedup keys and all their deliveries, or nothing.
 * - **Once.** An event whose key and content were stored within the dedup time is not stored again, however many
 *   `append`s run at the same moment. The same key with other content is stored and counted as `changed`.
 * - **At least once.** A pending delivery is claimed again when its lease ends without `settle`. Two holders never have
 *   a lease on the same delivery at the same time, by the clock handed in as `now`.
 * - **Order.** Claims come by due time, then in the order received. Routed and claimed with `order: 'account'`, only the oldest pending
 *   delivery of an account is claimed, so a later one never overtakes it, failing or not.
 * - **Limits hold over all holders**: leases ≤ `concurrency`, starts ≤ `ratePerSecond`, none while paused, disabled or held.
 * - **Never blocks for long.** Every promise settles within seconds: a store that is locked, full or gone rejects with a
 *   `StoreError`.
 */
export interface EventStore {
	/** Store a receipt. Calls made together may share one commit. The order of calls is the order of events. */
	append(receipt: Receipt): Promise<Appended>;

	/**
	 * Route receipts appended from now on by these rules, and remember the subscribers. Deliveries made before stay as
	 * they are, those of subscribers no longer named included: they wait until the subscriber is back or retention ends.
	 * A subscriber the relay itself paused or disabled is resumed when its `revision` changed.
	 */
	route(subscribers: readonly RoutedSubscriber[]): Promise<void>;

	/** Lease due deliveries of one subscriber. `wakeAt` says when asking again may give more; null: when told. */
	claim(request: ClaimRequest): Promise<Claimed>;

	/**
	 * Record attempts and what follows from them. A settlement whose lease has passed to another holder is recorded, and
	 * counts only when it says `delivered`.
	 */
	settle(settlements: readonly Settlement[]): Promise<void>;

	/** End leases at once that a crashed or stopped holder left. */
	releaseLeases(holder: string, now: number): Promise<void>;

	/** Make deliveries pending again, or make missing ones; in steps, so that receiving goes on. Event ids stay. */
	replay(request: ReplayRequest): Promise<ReplayStep>;

	/** Stop claims of a subscriber. Its deliveries go on collecting. */
	pause(subscriberId: string, pause: { reason: string; by: 'operator' | 'relay'; now: number }): Promise<void>;
	/** Undo a pause, a disabling and an open circuit. */
	resume(subscriberId: string): Promise<void>;

	/** Remove what is past its time, a bounded number of rows a call. Never a pending delivery of a known subscriber. */
	prune(request: PruneRequest): Promise<PruneStep>;

	/** Called after commits that may have made deliveries due, with their subscribers; may be called without need. */
	onDue(listener: (subscriberIds: readonly string[]) => void): void;

	/** Called once when the store is lost for good and the process should end. */
	onLost(listener: (error: Error) => void): void;

	/** Commit something. Rejects when `append` would. */
	check(): Promise<void>;

	/** Reading for people and dashboards; never delays `append`. */
	readonly browse: EventBrowser;

	/** Finish what was asked, then let go of files and connections. */
	close(): Promise<void>;
}

export type Appended = {
	/** events stored now */
	readonly stored: readonly StoredEvent[];
	/** events that were stored before */
	readonly duplicates: number;
	/** of what kind they were, one each */
	readonly repeated: readonly EventKind[];
	/** stored events whose key was known with other content */
	readonly changed: number;
	/** subscribers that got deliveries */
	readonly subscribers: readonly string[];
	/** when the commit began and how long it took, ms; shared by all appends of one commit */
	readonly commitMs: number;
};

export type EventKind = { readonly field: string; readonly accountId: string };
export type StoredEvent = EventKind & { readonly eventId: string };

/** `revision` is a hash of the subscriber's settings: a change may have mended what made the relay pause it. */
export type RoutedSubscriber = RoutingRule & { readonly revision: string };

export type ClaimRequest = {
	readonly subscriberId: string;
	/** who holds the leases: one name a process */
	readonly holder: string;
	readonly concurrency: number;
	readonly ratePerSecond: number | null;
	readonly order: 'none' | 'account';
	readonly leaseMs: number;
	/** include the receipt's bytes and signature */
	readonly withBody: boolean;
	/** most deliveries wanted */
	readonly limit: number;
	readonly now: number;
};

export type Claimed = { readonly deliveries: readonly ClaimedDelivery[]; readonly wakeAt: number | null };

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
	readonly outcome:
		| { readonly kind: 'delivered' }
		| { readonly kind: 'retry'; readonly dueAt: number }
		| { readonly kind: 'dead' }
		/** the delivery waits until the subscriber is resumed */
		| { readonly kind: 'pause'; readonly disable: boolean };
	readonly health: HealthSignal;
};

export type AttemptRecord = {
	readonly startedAt: number;
	readonly durationMs: number;
	/** null: no HTTP answer */
	readonly status: number | null;
	/** code, see judge-response.ts */
	readonly reason: string;
	/** the first few hundred letters of the answer */
	readonly excerpt: string;
};

export type ReplayRequest = {
	/** whom to deliver to (again); an event it never had, and does not want by its rule, is not made one */
	readonly rule: RoutingRule;
	readonly eventIds?: readonly string[] | undefined;
	readonly fields?: readonly string[] | undefined;
	readonly accounts?: readonly string[] | undefined;
	/** received at or after, ms */
	readonly since?: number | undefined;
	/** received before, ms */
	readonly until?: number | undefined;
	/** only deliveries in this state; left out: any state, and events never delivered to this subscriber */
	readonly state?: 'dead' | 'delivered' | undefined;
	/** where the last step ended; 0 to begin */
	readonly after: number;
	/** events looked at in this step */
	readonly limit: number;
	readonly now: number;
};

export type ReplayStep = { readonly replayed: number; readonly after: number; readonly done: boolean };

export type PruneRequest = {
	/** events received before this go when nothing of them is pending, ms */
	readonly eventsBefore: number;
	/** dedup keys seen before this go, ms */
	readonly keysBefore: number;
	/** pending deliveries of others hold nothing back */
	readonly knownSubscribers: readonly string[];
	/** where the last step ended; 0 to begin */
	readonly cursor: number;
	readonly limit: number;
};

export type PruneStep = {
	readonly events: number;
	readonly keys: number;
	readonly cursor: number;
	readonly done: boolean;
};
