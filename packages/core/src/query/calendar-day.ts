/**
 * A calendar day as text: 'YYYY-MM-DD'. No zone, no time; which zone it is a day of is said where it is used.
 * Years 0001 to 9999, so that text order is time order.
 */
export type Day = string;

const DAY_MS = 86_400_000;

/** Whether `text` is a day that exists ('2026-02-30' does not). */
export function isDay(text: string): boolean {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
	const instant = Date.parse(`${text}T00:00:00Z`);
	return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}

/**
 * The day `count` days after (negative: before) `day`.
 *
 * @throws {RangeError} `day` is not a day that exists
 */
export function addDays(day: Day, count: number): Day {
	return new Date(utcMidnight(day) + count * DAY_MS).toISOString().slice(0, 10);
}

/**
 * How many days stand in the range, both ends counted: 1 for a range of one day, 0 or less when `until` is before `since`.
 *
 * @throws {RangeError} one of the two is not a day that exists
 */
export function countDays(since: Day, until: Day): number {
	return Math.round((utcMidnight(until) - utcMidnight(since)) / DAY_MS) + 1;
}

/** Every day of the range in time order, both ends included; none when `until` is before `since`. */
export function listDays(since: Day, until: Day): Day[] {
	const days: Day[] = [];
	for (let day = since; day <= until; day = addDays(day, 1)) days.push(day);
	return days;
}

function utcMidnight(day: Day): number {
	if (!isDay(day)) throw new RangeError(`"${day}" is not a calendar day (YYYY-MM-DD)`);
	return Date.parse(`${day}T00:00:00Z`);
}
