/**
 * Time, as the client sees it. The client never reads the machine's clock and never waits on its own.
 *
 * Contract: `now` never goes back between two calls by more than a clock correction would; `sleep` resolves after at
 * least `ms` milliseconds of that same clock, at once for 0 or less, and rejects promptly (with any error) when `signal`
 * aborts, before or during the wait. Several sleeps may run at the same time.
 */
export interface Clock {
	now(): Date;
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
