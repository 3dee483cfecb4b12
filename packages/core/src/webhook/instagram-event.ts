/** Where in the body an update stood. `unknown` is a shape nobody documented, kept as it came. */
export type EventOrigin = 'changes' | 'messaging' | 'standby' | 'flat' | 'changed-fields' | 'unknown';

/** Meta's *Test* button sends its samples under this account. */
export const SAMPLE_ACCOUNT = '0';

/** One update of one account: the unit that is stored once and delivered. */
export type InstagramEvent = {
	/** Meta's `object`: `instagram`, `page`, `whatsapp_business_account` …; empty when the body names none */
	readonly object: string;
	/** Meta's `entry.id`, exact; `0` for a sample of Meta's *Test* button, empty when missing */
	readonly accountId: string;
	/** Meta's field name, or the one inferred from a messaging item; `unknown` for shapes nobody documented */
	readonly field: string;
	readonly origin: EventOrigin;
	/** Meta's *Test* button was pressed: always the same sample, and every press counts. */
	readonly sample: boolean;
	/** As Meta sent it; a number that a double cannot hold as its text. Null when Meta sent only the field's name. */
	readonly value: unknown;
	/** The value in Meta's own words: pass this on where every digit, escape and repeated key must arrive. */
	readonly valueText: string;
	/** When it happened by Meta's clock, in ms since 1970; the sending time where Meta gives no other; null when unknown */
	readonly occurredAt: number | null;
};
