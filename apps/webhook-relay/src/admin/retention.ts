/** A clock may differ by so much between replicas, or be set by so much, and still be right. */
export const CLOCK_TOLERANCE_MS = 60_000;
/** After a jump ahead nothing is removed for a day: long enough to notice that the clock is wrong. */
const DISTRUST_MS = 86_400_000;

/** The clock may be behind by so much now: an event ahead of it by less is young, one ahead by more came with a wrong time. */
export const MAY_BE_BEHIND_MS = 86_400_000;

/**
 * How many of these events are past their time, counted from the oldest, when the clock may have been wrong while they
 * came. A time far ahead of the clock, or before that of an earlier event, is unreliable: such an event goes with the
 * next one whose time is plausible, so it neither goes too early nor keeps later ones.
 *
 * @param receivedAt times in the order of receiving, oldest first
 * @param next the first time after these that is not far ahead of the clock; null: there is none
 */
export function countPast(
	receivedAt: readonly number[],
	{ before, now, next }: { before: number; now: number; next: number | null },
): number {
	let [past, latest] = [0, Number.NEGATIVE_INFINITY];
	for (const [index, time] of receivedAt.entries()) {
		if (time > now + MAY_BE_BEHIND_MS || time < latest - CLOCK_TOLERANCE_MS) continue;
		if (time >= before) return past;
		[past, latest] = [index + 1, Math.max(latest, time)];
	}
	return next !== null && next < before && next >= latest - CLOCK_TOLERANCE_MS ? receivedAt.length : past;
}

/** Notices jumps of the clock, while the process runs and while it was down. */
export class ClockWatch {
	#latest: number;
	#seenAtMs = Number.NaN;
	#distrustedUntilMs = Number.NEGATIVE_INFINITY;

	/** @param latest the last time an earlier process has seen; 0: none */
	constructor(latest: number) {
		this.#latest = latest;
	}

	get latest(): number {
		return this.#latest;
	}

	/**
	 * @param now ms since 1970, by the clock that may be wrong
	 * @param runningMs ms of a clock that only runs, such as `performance.now()`
	 * @param written the last time that is kept in the store; ahead of the last `now` when a commit failed
	 * @returns by how many ms the clock was set back since it was last asked; 0: it was not
	 */
	see(now: number, runningMs: number, written = 0): number {
		// Nobody knows how long the process was down: up to a day is plausible.
		const elapsed = Number.isNaN(this.#seenAtMs) ? DISTRUST_MS : runningMs - this.#seenAtMs;
		const latest = Math.max(this.#latest, written);
		const change = now - latest;
		if (latest > 0 && change > elapsed + CLOCK_TOLERANCE_MS) this.#distrustedUntilMs = runningMs + DISTRUST_MS;
		[this.#latest, this.#seenAtMs] = [change < 0 && change >= -CLOCK_TOLERANCE_MS ? latest : now, runningMs];
		return change < -CLOCK_TOLERANCE_MS ? -change : 0;
	}

	/** Can this clock be trusted to remove old events? */
	mayRemove(runningMs: number): boolean {
		return runningMs >= this.#distrustedUntilMs;
	}
}
