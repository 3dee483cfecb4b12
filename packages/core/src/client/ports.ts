import type { GraphResponse, VersionedRequest } from '../graph/graph-request.ts';

/**
 * The way to Graph and back.
 *
 * Contract:
 * - `send` sends exactly one HTTP request to `<base of request.host>/<version><path>?<query>` and resolves with whatever
 *   answer came back, 4xx and 5xx included. It does not retry, does not follow redirects to other hosts, does not parse.
 * - It alone knows the token, and sends it as `Authorization: Bearer`. The token never becomes part of the URL, of an
 *   error, or of anything it returns that the caller did not put there.
 * - A body (`request.body`) travels as `application/x-www-form-urlencoded`.
 * - It rejects only when there is no answer (no connection, time-out, body cut short or too large), best with an
 *   InsightsError of kind 'network'; and when `signal` aborts, promptly, with any error.
 * - Calls may overlap; answers may come back in any order.
 */
export interface Transport {
	send(request: VersionedRequest, options?: { signal?: AbortSignal | undefined }): Promise<GraphResponse>;
}

/**
 * Time, as the client sees it. The client never reads the machine's clock and never waits on its own.
 *
 * Contract: `now` never goes back by more than a clock correction would; `sleep` resolves after at
 * least `ms` milliseconds of that same clock, at once for 0 or less, and rejects promptly (with any error) when `signal`
 * aborts, before or during the wait. Several sleeps may run at the same time.
 */
export interface Clock {
	now(): Date;
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
