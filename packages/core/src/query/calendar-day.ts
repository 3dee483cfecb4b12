/**
 * A calendar day as text: 'YYYY-MM-DD', without time or zone. Where it is used, the docs name its zone.
 * Years 0001 to 9999, so that text order is time order.
 */
export type Day = string;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

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
 * How many days the range has, both ends included: 1 for a range of one day, 0 or less when `until` is before `since`.
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

/**
 * Meta's insight days run from midnight to midnight in Los Angeles, whatever the account's zone: buckets end at
 * 07:00 UTC in summer and 08:00 UTC in winter. Only `pacificDay` and `pacificMidnight` know this.
 */
export const INSIGHTS_TIME_ZONE = 'America/Los_Angeles';

const formats = new Map<string, Intl.DateTimeFormat>();

/** The Pacific calendar day an instant falls on. */
export function pacificDay(instant: Date): Day {
	return dayIn(instant, INSIGHTS_TIME_ZONE);
}

/**
 * The calendar day an instant falls on in a time zone.
 *
 * @param timeZone IANA name, such as `Europe/Lisbon`
 * @throws {RangeError} the time zone does not exist
 */
export function dayIn(instant: Date, timeZone: string): Day {
	let format = formats.get(timeZone);
	if (format === undefined) {
		format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
		formats.set(timeZone, format);
	}
	const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
	return `${parts.get('year')?.padStart(4, '0')}-${parts.get('month')}-${parts.get('day')}`;
}

/** Whether a time zone exists. */
export function isTimeZone(name: string): boolean {
	try {
		dayIn(new Date(0), name);
		return true;
	} catch {
		return false;
	}
}

/**
 * The instant a Pacific day begins. The clocks change at two in the morning, so midnight always exists, and it is
 * seven hours after UTC midnight in summer, eight in winter.
 *
 * @throws {RangeError} `day` is not a day that exists
 */
export function pacificMidnight(day: Day): Date {
	const midnight = utcMidnight(day);
	const summer = new Date(midnight + 7 * HOUR_MS);
	return pacificDay(summer) === day ? summer : new Date(midnight + 8 * HOUR_MS);
}

function utcMidnight(day: Day): number {
	if (!isDay(day)) throw new RangeError(`"${day}" is not a calendar day (YYYY-MM-DD)`);
	return Date.parse(`${day}T00:00:00Z`);
}
