/** How long to wait before each further attempt, and how much later, at most, chance may make it. */
export type RetrySchedule = {
	/** the wait after the first failure, the second, …; after the last one the delivery is dead */
	readonly delaysMs: readonly number[];
	/** 0.2 adds up to 20 %; jitter never shortens a wait, so the schedule always covers its sum */
	readonly jitter: number;
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * 75 hours in all. Short at first because a starting n8n is back within half a minute, and past three days because an
 * outage that begins on a Friday evening is often mended on a Monday.
 */
export const DEFAULT_RETRY: RetrySchedule = {
	delaysMs: [
		...[5 * SECOND, 15 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE],
		...[1 * HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 8 * HOUR, 12 * HOUR, 18 * HOUR, 24 * HOUR],
	],
	jitter: 0.2,
};

/** A subscriber may ask for patience, not for forever. */
export const MAX_RETRY_AFTER_MS = 24 * HOUR;

/**
 * When to try again.
 *
 * @param attempts how many attempts were made, at least 1
 * @param options.random uniform in [0, 1)
 * @param options.retryAfterMs what the subscriber asked for; it can lengthen the wait, not shorten it
 * @returns milliseconds to wait, or null when the schedule is used up
 */
export function nextDelay(
	schedule: RetrySchedule,
	attempts: number,
	options: { random: number; retryAfterMs?: number | undefined },
): number | null {
	const delay = schedule.delaysMs[attempts - 1];
	if (delay === undefined) return null;
	const jittered = delay * (1 + schedule.jitter * options.random);
	return Math.round(Math.max(jittered, Math.min(options.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS)));
}
