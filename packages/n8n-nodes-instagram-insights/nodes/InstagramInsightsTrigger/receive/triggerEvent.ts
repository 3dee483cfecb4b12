/** One event on its way into the workflow, from Meta or from the relay. */
export type TriggerEvent = {
	/** Meta's `object`: `instagram`, or another one whose events come to the same URL */
	readonly object: string;
	/** Meta's `entry.id`; `0` in samples of the App Dashboard */
	readonly accountId: string;
	/** Meta's field name; `unknown` for what has no name */
	readonly field: string;
	/** As Meta sent it; a number that JavaScript cannot hold as text */
	readonly value: unknown;
	/** When it happened, ISO 8601 in UTC; null when Meta gives no time */
	readonly occurredAt: string | null;
	/** The same each time the event is repeated, other for every other event; null: repetitions cannot be recognised */
	readonly eventId: string | null;
	/** What a sender's repetition of it is known by; null: never taken for a repetition */
	readonly repeatId: string | null;
	/** Meta's Test button sent it */
	readonly sample: boolean;
	/** Somebody asked the relay to send it again, so it runs though it was handed over before */
	readonly replay: boolean;
	/** What the raw output shows besides. */
	readonly details: Readonly<Record<string, string>>;
};

/** What a request turned out to be. */
export type Reception =
	/** Not proven to come from the sender, or not what that sender sends: nothing of it may be used. */
	| { readonly kind: 'refused'; readonly status: 400 | 401 | 422 | 425; readonly reason: string }
	/** Proven: its events, in their order. */
	| { readonly kind: 'received'; readonly events: readonly TriggerEvent[] };
