/** What the store remembers of a subscriber between attempts; shared by all replicas on one store. */
export type SubscriberHealth = {
	/** failures since the last success, attempts refused with 429 not counted */
	readonly consecutiveFailures: number;
	/** ms since 1970; until then nothing is attempted */
	readonly heldUntil: number;
};

/** What an attempt says of the subscriber, not of the delivery. */
export type HealthSignal =
	| { kind: 'success' }
	/** down or starting: try others later too */
	| { kind: 'failure' }
	/** asked to wait (429, or Retry-After with any failure) */
	| { kind: 'throttle'; retryAfterMs: number; failed: boolean };

/** So many failures in a row open the circuit. */
export const CIRCUIT_THRESHOLD = 10;
const FIRST_HOLD_MS = 10_000;
const LONGEST_HOLD_MS = 5 * 60_000;
/** However long one answer asks to wait, its subscriber is asked again after this. */
const LONGEST_PATIENCE_MS = 60 * 60_000;

/**
 * The circuit of a subscriber: after ten failures in a row nothing is attempted for 10 s, then one probe; each probe that
 * fails doubles the hold up to five minutes; one success closes the circuit. Failures of attempts that were under way
 * when it opened say nothing new.
 *
 * While it is open deliveries wait without spending attempts, so an outage longer than the retry schedule kills nothing
 * but the probes' own deliveries.
 */
export function nextHealth(health: SubscriberHealth, signal: HealthSignal, now: number): SubscriberHealth {
	switch (signal.kind) {
		case 'success':
			// A hold that a 429 asked for stays: the success was under way before it.
			return isOpen(health) ? { consecutiveFailures: 0, heldUntil: 0 } : { ...health, consecutiveFailures: 0 };
		case 'failure':
			return afterFailure(health, now);
		case 'throttle': {
			const next = signal.failed ? afterFailure(health, now) : health;
			const patience = Math.min(signal.retryAfterMs, LONGEST_PATIENCE_MS);
			return { ...next, heldUntil: Math.max(next.heldUntil, now + patience) };
		}
		default:
			return signal satisfies never;
	}
}

/** How many may be attempted now: all that are free, one probe after a hold of the circuit, or none. */
export function admitted(health: SubscriberHealth, free: number, leased: number, now: number): number {
	if (health.heldUntil > now) return 0;
	if (isOpen(health)) return leased === 0 ? Math.min(free, 1) : 0;
	return free;
}

export function isOpen(health: SubscriberHealth): boolean {
	return health.consecutiveFailures >= CIRCUIT_THRESHOLD;
}

function afterFailure(health: SubscriberHealth, now: number): SubscriberHealth {
	if (isOpen(health) && health.heldUntil > now) return health;
	const consecutiveFailures = health.consecutiveFailures + 1;
	const beyond = consecutiveFailures - CIRCUIT_THRESHOLD;
	if (beyond < 0) return { ...health, consecutiveFailures };
	const hold = Math.min(FIRST_HOLD_MS * 2 ** Math.min(beyond, 20), LONGEST_HOLD_MS);
	return { consecutiveFailures, heldUntil: Math.max(health.heldUntil, now + hold) };
}
