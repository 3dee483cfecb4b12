/** Where in the body an update stood. `unknown` is a shape nobody documented, kept as it came. */
export type EventOrigin = 'changes' | 'messaging' | 'standby' | 'flat' | 'changed-fields' | 'unknown';

/** One update of one account: the unit that is stored once and delivered. */
export type InstagramEvent = {
	/** Meta's `object`; `instagram`, or empty when the body names none */
	readonly object: string;
	/** Meta's `entry.id`, exact; `0` in the dashboard's tests, empty when missing */
	readonly accountId: string;
	/** Meta's field name, or the one inferred from a messaging item; `unknown` for shapes nobody documented */
	readonly field: string;
	readonly origin: EventOrigin;
	/** As Meta sent it, integers beyond 2^53 as strings. Null when Meta sent only the field's name. */
	readonly value: unknown;
	/** When it happened by Meta's clock, in ms since 1970; the sending time where Meta gives no other; null when unknown */
	readonly occurredAt: number | null;
};
