/**
 * Meta's insights days start at midnight in Los Angeles (07:00Z in summer, 08:00Z in winter).
 * A day is written `YYYY-MM-DD`, so days compare as strings.
 */

const DAY_MS = 86_400_000;

const parts = new Intl.DateTimeFormat('en-CA', {
	timeZone: 'America/Los_Angeles',
	year: 'numeric',
	month: '2-digit',
	day: '2-digit',
});

/** The Pacific calendar day that holds an instant. */
export function pacificDay(instant: Date): string {
	return parts.format(instant);
}

const midnights = new Map<string, number>();

/** The instant (epoch milliseconds) at which a Pacific day begins. */
export function startOfDay(day: string): number {
	const known = midnights.get(day);
	if (known !== undefined) return known;
	const noonUtc = Date.parse(`${day}T12:00:00Z`);
	if (Number.isNaN(noonUtc)) throw new RangeError(`not a day: ${day}`);
	// Clocks change at 02:00, so midnight itself always exists and lies 7 or 8 hours after UTC midnight.
	const summer = Date.parse(`${day}T07:00:00Z`);
	const start =
		pacificDay(new Date(summer)) === day && pacificDay(new Date(summer - 1)) !== day ? summer : summer + 3_600_000;
	midnights.set(day, start);
	return start;
}

/** The instant at which a Pacific day ends: the next midnight. */
export function endOfDay(day: string): number {
	return startOfDay(addDays(day, 1));
}

/** The calendar day `count` days later (or earlier, when negative). */
export function addDays(day: string, count: number): string {
	return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

/** How many days `until` lies after `since`. */
export function daysBetween(since: string, until: string): number {
	return Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${since}T00:00:00Z`)) / DAY_MS);
}

/** Every day from `since` (included) to `until` (excluded); empty when `until` is not after `since`. */
export function daysFrom(since: string, until: string): string[] {
	const count = Math.max(0, daysBetween(since, until));
	return Array.from({ length: count }, (_, index) => addDays(since, index));
}

/** Graph's way to write an instant: `2026-11-20T08:00:00+0000`. */
export function graphTime(instant: number): string {
	return `${new Date(instant).toISOString().slice(0, 19)}+0000`;
}
