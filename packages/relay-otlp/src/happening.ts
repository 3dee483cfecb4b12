/**
 * What the relay reports to its observers, as far as traces need it. The relay's own type
 * (apps/webhook-relay/src/relay/observe.ts) must be assignable to this one, which its type check ensures. Not imported,
 * because the relay loads this package.
 */
export type Happening =
	| ({ readonly kind: 'stored'; readonly appended: Appended } & ReceiveTimes)
	| ({ readonly kind: 'refused'; readonly reason: string } & ReceiveTimes)
	| ({ readonly kind: 'not-stored'; readonly error: unknown } & ReceiveTimes)
	| ({
			readonly kind: 'attempted';
			/** null: no HTTP answer */
			readonly status: number | null;
			readonly verdict: { readonly kind: string; readonly reason: string };
			readonly dead: boolean;
			readonly lagMs: number;
	  } & AttemptTimes)
	| ({ readonly kind: 'cut-off' } & AttemptTimes)
	/** not used here */
	| { readonly kind: 'handshake' | 'turned-away' | 'hold' | 'failed' };

export type Receiving = Extract<Happening, { kind: 'stored' | 'refused' | 'not-stored' }>;
export type Attempting = Extract<Happening, { kind: 'attempted' | 'cut-off' }>;

/** ms since 1970, then ms from there */
type ReceiveTimes = {
	readonly receivedAt: number;
	/** null: the receipt never went to the store */
	readonly committingMs: number | null;
	readonly answeredMs: number;
	readonly traceparent: string | undefined;
};

type Appended = {
	readonly stored: readonly TracedEvent[];
	readonly duplicates: number;
	readonly changed: number;
	readonly commitMs: number;
};

export type TracedEvent = { readonly eventId: string; readonly field: string; readonly accountId: string };
export type TracedDelivery = TracedEvent & {
	readonly subscriberId: string;
	readonly lease: string;
	/** attempts made before this one */
	readonly attempts: number;
};

type AttemptTimes = { readonly delivery: TracedDelivery; readonly startedAt: number; readonly durationMs: number };
