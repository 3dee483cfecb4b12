import type { EventPayload } from '../relay/event.ts';
import type { RoutingRule } from '../relay/rules.ts';
import type { EventStore } from '../relay/store.ts';

/**
 * What people do with the store: look, replay, pause, remove old events. Drivers implement it
 * together with `EventStore`, by the same rules; nothing here delays `append`.
 */
export interface AdminStore extends EventStore {
	/** Make deliveries pending again, or make missing ones, each marked `replay`; in steps, so that receiving continues. Event ids stay. */
	replay(request: ReplayRequest): Promise<ReplayStep>;

	/** Stop claims of a subscriber, for the operator. Its deliveries wait. */
	pause(subscriberId: string, pause: { reason: string; now: number }): Promise<void>;
	/** Undo a pause, also one of the relay, and an open circuit. */
	resume(subscriberId: string): Promise<void>;

	/** Send what waits for a removed subscriber to another one, or drop it; in steps. */
	release(request: ReleaseRequest): Promise<ReleaseStep>;

	/**
	 * Keep a note of the admin side, such as a dismissed warning or a subscriber added on the dashboard; null removes it.
	 *
	 * @param before change the note only if it is still this text; null: only if there is none. Of two changes made at the
	 *   same moment, also by two replicas, one succeeds
	 * @returns false: it was not that text, and stays as it is
	 */
	remember(name: string, text: string | null, before?: string | null): Promise<boolean>;
	/** Notes whose names begin so. */
	recall(prefix: string): Promise<readonly Note[]>;

	/** Remove what is past its time, a bounded number of rows a call. Never a pending delivery of a known subscriber. */
	prune(request: PruneRequest): Promise<PruneStep>;

	readonly browse: EventBrowser;
}

/** A store in a package of its own, loaded only when RELAY_STORE names it: what the package exports as `driver`. */
export type StoreDriver = {
	/**
	 * @param options.dedupMs how long a repetition is recognised
	 * @param options.replica this replica's name, the same after a restart
	 * @param options.onWaiting called once, within a second, when the server does not answer and is waited for
	 * @throws {StoreError} it cannot be opened
	 */
	open(options: {
		url: string;
		dedupMs: number;
		replica: string;
		onWaiting?: (reason: string) => void;
	}): Promise<AdminStore>;
	/** The command `migrate`. @returns whether the target holds what the source holds */
	migrate(
		options: MigrateOptions,
		environment: Readonly<Record<string, string | undefined>>,
		say: (line: string) => void,
	): Promise<boolean>;
};
export type MigrateOptions = { readonly from?: string; readonly to?: string };

/**
 * Reading what is stored, for the admin API, the dashboard, metrics and exports. Rows are plain and ready to be shown;
 * times are ms since 1970. Lists are newest first and paged by `before`.
 */
export interface EventBrowser {
	events(filter: EventFilter): Promise<Page<EventRow>>;
	/** One complete event, with its deliveries and their attempts; null when unknown or removed. */
	event(eventId: string): Promise<EventDetail | null>;
	/** What a delivery of this event would carry, bytes included; null when unknown or removed. */
	payload(eventId: string): Promise<EventPayload | null>;
	deliveries(filter: DeliveryFilter): Promise<Page<DeliveryRow>>;
	subscribers(now: number): Promise<readonly SubscriberRow[]>;
	/** The same and the size of the store in one read, which costs what waits and what died, not what is stored. */
	standing(now: number): Promise<Standing>;
	/** When each account was last heard of, by field. */
	accounts(): Promise<readonly AccountFieldRow[]>;
	/** Sizes and the age of what waits. */
	totals(now: number): Promise<Totals>;
	/** Events oldest first, whole, for an export; `after` is the `seq` of the last one seen. */
	exportEvents(request: {
		after: number;
		limit: number;
		since?: number;
		until?: number;
	}): Promise<readonly ExportRow[]>;
}

export type Page<Row> = {
	readonly rows: readonly Row[] /** pass as `before` for the next page; null: no more */;
	readonly next: number | null;
};

export type EventFilter = {
	readonly fields?: readonly string[] | undefined;
	readonly accounts?: readonly string[] | undefined;
	/** events that have a delivery in this state */
	readonly state?: DeliveryState | undefined;
	readonly subscriberId?: string | undefined;
	/** ASCII letters and digits that the value or the event id holds, in any case */
	readonly contains?: string | undefined;
	readonly since?: number | undefined;
	readonly until?: number | undefined;
	readonly before?: number | undefined;
	readonly limit: number;
};

export type DeliveryState = 'pending' | 'delivered' | 'dead';

export type DeliveryFilter = {
	readonly state?: DeliveryState | undefined;
	readonly subscriberId?: string | undefined;
	readonly before?: number | undefined;
	readonly limit: number;
};

export type EventRow = {
	readonly seq: number;
	readonly eventId: string;
	readonly object: string;
	readonly field: string;
	readonly accountId: string;
	readonly origin: string;
	/** Meta's Test button sent it */
	readonly sample: boolean;
	readonly occurredAt: number | null;
	readonly receivedAt: number;
	/** the first `BEGINNING_LENGTH` characters of the value */
	readonly beginning: string;
	readonly pending: number;
	readonly delivered: number;
	readonly dead: number;
};
/** The part of a value that lists show and searches read. */
export const BEGINNING_LENGTH = 16_384;

export type DeliveryRow = {
	readonly seq: number;
	readonly eventId: string;
	readonly subscriberId: string;
	readonly field: string;
	readonly accountId: string;
	readonly receivedAt: number;
	readonly state: DeliveryState;
	readonly attempts: number;
	/** next attempt, or end of the lease, while pending */
	readonly dueAt: number;
	readonly leased: boolean;
	/** someone asked for it again */
	readonly replay: boolean;
	readonly settledAt: number | null;
	/** of the last attempt; null before the first */
	readonly reason: string | null;
};

export type AttemptRow = {
	readonly number: number;
	readonly startedAt: number;
	readonly durationMs: number;
	readonly status: number | null;
	readonly reason: string;
	readonly excerpt: string;
};

export type EventDetail = {
	readonly event: EventRow & { readonly value: string; readonly secretName: string };
	readonly deliveries: readonly (DeliveryRow & { readonly attemptLog: readonly AttemptRow[] })[];
};

export type SubscriberRow = {
	readonly subscriberId: string;
	/** it was not removed */
	readonly known: boolean;
	readonly pause: { readonly reason: string; readonly by: 'operator' | 'relay'; readonly at: number } | null;
	readonly consecutiveFailures: number;
	readonly heldUntil: number;
	readonly pending: number;
	readonly leased: number;
	readonly dead: number;
	/** `receivedAt` of the oldest pending delivery; null: none */
	readonly oldestPendingAt: number | null;
	readonly lastSuccessAt: number | null;
	readonly lastFailureAt: number | null;
	readonly lastFailureReason: string | null;
};

export type Standing = {
	readonly subscribers: readonly SubscriberRow[];
	/** on disk; null if unknown */
	readonly bytes: number | null;
};

export type AccountFieldRow = {
	readonly accountId: string;
	readonly field: string;
	readonly events: number;
	readonly lastReceivedAt: number;
};

export type Totals = {
	readonly events: number;
	readonly pending: number;
	readonly dead: number;
	readonly oldestPendingAt: number | null;
	/** bytes on disk; null if unknown */
	readonly bytes: number | null;
};

export type ExportRow = {
	readonly seq: number;
	readonly eventId: string;
	readonly object: string;
	readonly field: string;
	readonly accountId: string;
	readonly occurredAt: number | null;
	readonly receivedAt: number;
	readonly value: string;
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
	/** change nothing, count only */
	readonly dryRun?: boolean | undefined;
	/** where the last step ended; 0 to begin */
	readonly after: number;
	/** events looked at in this step */
	readonly limit: number;
	readonly now: number;
};

export type ReplayStep = { readonly replayed: number; readonly after: number; readonly done: boolean };

export type ReleaseRequest = {
	readonly subscriberId: string;
	/**
	 * Who gets it: of each receipt that waits, what its rule wants and it never had. What it does not want stays. Null:
	 * nobody, it is dropped.
	 */
	readonly to: RoutingRule | null;
	/** where the last step ended; 0 to begin */
	readonly after: number;
	/** deliveries looked at in this step */
	readonly limit: number;
	readonly now: number;
};

/** `released`: deliveries that no longer wait for the subscriber; `left`: those that still do, of this step. */
export type ReleaseStep = {
	readonly released: number;
	readonly left: number;
	readonly after: number;
	readonly done: boolean;
};

export type Note = { readonly name: string; readonly text: string };

export type PruneRequest = {
	/** by the relay's clock, which may be wrong: see retention.ts */
	readonly now: number;
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
