import { pacificDay } from '../query/calendar-day.ts';

/** `2026-11-20T08:00:00+0000`: Graph writes the zone without a colon, which ISO 8601 readers may refuse. */
const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?)(Z|[+-]\d{2}:?\d{2})$/;

/**
 * The Pacific day that closes at an `end_time`: the day of the second before it. `2018-01-11T08:00:00+0000` is midnight
 * in Los Angeles and closes 2018-01-10.
 *
 * @returns `YYYY-MM-DD`, or null when the text is not an instant
 */
export function closingDay(endTime: string): string | null {
	const parts = INSTANT.exec(endTime);
	if (!parts) return null;
	const [, clock, zone = 'Z'] = parts;
	const instant = Date.parse(`${clock}${zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
	return Number.isNaN(instant) ? null : pacificDay(new Date(instant - 1000));
}
