import type { Usage } from '../../graph/usage-header.ts';

/**
 * How fast the client may go. Plain data, instants in milliseconds since 1970.
 *
 * Meta counts calls against a budget that rolls over hours and tells in headers how much of it is used. Below
 * `SLOW_DOWN_PERCENT` requests follow each other freely; from there on they are spaced wider and wider; once Meta says
 * that the budget is used up, nothing is sent until the time it names.
 */
export type Pace = {
	readonly usedPercent: number;
	/** Nothing is sent before this instant; 0 when open. */
	readonly closedUntilMs: number;
	/** The next request may leave at this instant. */
	readonly nextTurnMs: number;
};

/** Nothing known yet: go. */
export const OPEN_PACE: Pace = { usedPercent: 0, closedUntilMs: 0, nextTurnMs: 0 };

/** From this share of the budget on, requests are spaced. */
export const SLOW_DOWN_PERCENT = 80;
const WIDEST_SPACING_MS = 5_000;
/** Behind a batch, however many calls it has. */
const WIDEST_PAUSE_MS = 60_000;
/** Meta's shortest budget rolls over an hour: the time to assume when it names none. */
export const ASSUMED_REGAIN_MS = 3_600_000;

/** What the headers of an answer change. An answer without headers changes nothing. */
export function noteUsage(pace: Pace, usage: Usage, nowMs: number): Pace {
	if (usage.app === null && usage.business.length === 0) return pace;
	return {
		...pace,
		usedPercent: usage.highestPercent,
		closedUntilMs: usage.regainMs > 0 ? Math.max(pace.closedUntilMs, nowMs + usage.regainMs) : pace.closedUntilMs,
	};
}

/** What a refusal for the rate limit changes. */
export function noteRateLimit(pace: Pace, retryAfterMs: number | undefined, nowMs: number): Pace {
	return { ...pace, closedUntilMs: Math.max(pace.closedUntilMs, nowMs + (retryAfterMs ?? ASSUMED_REGAIN_MS)) };
}

/** When the next request may leave, counted from now; `closed` tells a used-up budget from mere spacing. */
export type Turn = { readonly pace: Pace; readonly waitMs: number; readonly closed: boolean };

/**
 * Take the next place in the row. Requests that run at the same time get places one spacing apart; a batch takes as many
 * places as it has calls, for Meta counts each.
 */
export function takeTurn(pace: Pace, nowMs: number, calls = 1): Turn {
	if (pace.closedUntilMs > nowMs) return { pace, waitMs: pace.closedUntilMs - nowMs, closed: true };
	const startMs = Math.max(nowMs, pace.nextTurnMs);
	const pauseMs = Math.min(spacingMs(pace) * calls, WIDEST_PAUSE_MS);
	return { pace: { ...pace, nextTurnMs: startMs + pauseMs }, waitMs: startMs - nowMs, closed: false };
}

/** None below the threshold, then evenly up to the widest at a budget used up. */
function spacingMs({ usedPercent }: Pace): number {
	const over = Math.min(100, usedPercent) - SLOW_DOWN_PERCENT;
	return over <= 0 ? 0 : Math.round((over / (100 - SLOW_DOWN_PERCENT)) * WIDEST_SPACING_MS);
}
