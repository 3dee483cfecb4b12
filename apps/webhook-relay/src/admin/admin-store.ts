import type { EventPayload } from '../relay/event.ts';
import type { RoutingRule } from '../relay/rules.ts';
import type { EventStore } from '../relay/store.ts';

/**
 * What people do with the store: look, replay, pause, remove old events. Drivers implement it
 * together with `EventStore`, by the same rules; nothing here delays `append`.
 */
export interface AdminStore extends EventStore {
	/**
	 * Make deliveries pending again, or create missing ones, each marked `replay`. Works in steps, so that receiving
	 * continues. Event ids stay the same.
	 */
	replay(request: ReplayRequest): Promise<ReplayStep>;

	/** Stop claims of a subscriber for the operator. Its deliveries wait. */
	pause(subscriberId: string, pause: { reason: string; now: number }): Promise<void>;
	/** End a pause, also one made by the relay, and close an open circuit. */
	resume(subscriberId: string): Promise<void>;

	/** Send the waiting deliveries of a removed subscriber to another one, or drop them, in steps. */
	release(request: ReleaseRequest): Promise<ReleaseStep>;

	/**
	 * Keep a note of the admin side, such as a dismissed warning or a subscriber added on the dashboard; null removes it.
	 *
	 * @param before change the note only if it is still this text; null: only if there is none. Of two changes made at the
	 *   same moment, also by two replicas, one succeeds
	 * @returns false: it was not that text, and stays as it is
	 */
	remember(name: string, text: string | null, before?: string | null): Promise<boolean>;
	/** Notes whose names begin with this. */
	recall(prefix: string): Promise<readonly Note[]>;

	/** Remove what is past retention, a limited number of rows per call; never a pending delivery of a known subscriber. */
	prune(request: PruneRequest): Promise<PruneStep>;

	readonly browse: EventBrowser;
}

/** What the package of a store exports as `driver`. It is loaded only when RELAY_STORE needs it. */
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
	/** The command `migrate`. @returns whether the target now equals the source */
	migrate(
		options: MigrateOptions,
		environment: Readonly<Record<string, string | undefined>>,
		say: (line: string) => void,
	): Promise<boolean>;
};
export type MigrateOptions = { readonly from?: string; readonly to?: string };

/**
 * Reads the store for the admin API, the dashboard, metrics and exports. Rows are ready to show; times are ms since 1970.
 * Lists are newest first and paged by `before`.
 */
export interface EventBrowser {
	events(filter: EventFilter): Promise<Page<EventRow>>;
	/** One complete event, with its deliveries and their attempts; null when unknown or removed. */
	event(eventId: string): Promise<EventDetail | null>;
	/** What a delivery of this event would carry, bytes included; null when unknown or removed. */
	payload(eventId: string): Promise<EventPayload | null>;
	deliveries(filter: DeliveryFilter): Promise<Page<DeliveryRow>>;
	subscribers(now: number): Promise<readonly SubscriberRow[]>;
	/** Subscribers and the size of the store in one read. Its cost grows with waiting and dead deliveries, not with stored events. */
	standing(now: number): Promise<Standing>;
	/** The number of events and the last one, by account and field. */
	accounts(): Promise<readonly AccountFieldRow[]>;
	/** Counts, size, and the age of the oldest waiting delivery. */
	totals(now: number): Promise<Totals>;
	/** Complete events for an export, oldest first; `after` is the `seq` of the last one read. */
	exportEvents(request: {
		after: number;
		limit: number;
		since?: number;
		until?: number;
	}): Promise<readonly ExportRow[]>;
}

export type Page<Row> = {
	readonly rows: readonly Row[];
	/** pass as `before` for the next page; null: no more */
	readonly next: number | null;
};

export type EventFilter = {
	readonly fields?: readonly string[] | undefined;
	readonly accounts?: readonly string[] | undefined;
	/** events that have a delivery in this state */
	readonly state?: DeliveryState | undefined;
	readonly subscriberId?: string | undefined;
	/** ASCII letters and digits to find in the value or the event id, ignoring case */
	readonly contains?: string | undefined;
	/** received at or after, ms */
	readonly since?: number | undefined;
	/** received before, ms */
	readonly until?: number | undefined;
	readonly before?: number | undefined;
	readonly limit: number;
};

export type DeliveryState = 'pending' | 'delivered' | 'dead';

export type DeliveryFilter = Pick<EventFilter, 'state' | 'subscriberId' | 'before' | 'limit'>;

export type EventRow = {
	readonly seq: number;
	readonly eventId: string;
	readonly object: string;
	readonly field: string;
	readonly accountId: string;
	readonly origin: string;
	/** sent by Meta's Test button */
	readonly sample: boolean;
	readonly occurredAt: number | null;
	readonly receivedAt: number;
	/** first `BEGINNING_LENGTH` characters of the value */
	readonly beginning: string;
	readonly pending: number;
	readonly delivered: number;
	readonly dead: number;
};
/** How much of a value lists show and searches read. */
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
	/** someone asked for a replay */
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
	/** false: it was removed */
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

export type ExportRow = Pick<
	EventRow,
	'seq' | 'eventId' | 'object' | 'field' | 'accountId' | 'occurredAt' | 'receivedAt'
> & { readonly value: string };

/** A part of a longer job. */
type Step = {
	/** where the last step ended; 0 to begin */
	readonly after: number;
	/** rows looked at in this step */
	readonly limit: number;
	readonly now: number;
};

export type ReplayRequest = Step &
	Pick<EventFilter, 'fields' | 'accounts' | 'since' | 'until'> & {
		/** the subscriber; an event that was never delivered to it and that its rule excludes stays undelivered */
		readonly rule: RoutingRule;
		readonly eventIds?: readonly string[] | undefined;
		/** only deliveries in this state. Default: any state, and events never delivered to this subscriber */
		readonly state?: 'dead' | 'delivered' | undefined;
		/** only count */
		readonly dryRun?: boolean | undefined;
	};

export type ReplayStep = { readonly replayed: number; readonly after: number; readonly done: boolean };

export type ReleaseRequest = Step & {
	readonly subscriberId: string;
	/**
	 * The new subscriber. It gets the events of each waiting receipt that its rule includes and that it never had; the others
	 * keep waiting. Null: drop them.
	 */
	readonly to: RoutingRule | null;
};

/** `released`: deliveries of this step that no longer wait for the subscriber; `left`: those that still do. */
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
	/** remove events received before this, unless a delivery is pending; ms */
	readonly eventsBefore: number;
	/** remove dedup keys seen before this, ms */
	readonly keysBefore: number;
	/** pending deliveries of other subscribers do not keep an event */
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
