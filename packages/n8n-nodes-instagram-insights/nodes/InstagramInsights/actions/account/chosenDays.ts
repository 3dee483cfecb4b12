import { addDays, isDay, pacificMidnight } from '@instagram-insights/core';
import { type ChosenDays, DATE_RANGES, readDateRange } from '../../descriptions/dateRange';
import { wrongSetting } from '../../errors/wrongSetting';
import type { Item } from '../item';

/**
 * The days of an item's date parameters; custom days are said in a hint as they look in the workflow's own zone.
 *
 * @throws {InsightsError} `invalid-query`: an expression gave another word for the range
 */
export function chosenDays(item: Item): ChosenDays {
	const dateRange = String(item.parameter('dateRange', 'last28Days'));
	if (!DATE_RANGES.includes(dateRange)) {
		const message = `"${dateRange}" is no date range. Choose one of ${DATE_RANGES.join(', ')}.`;
		throw wrongSetting('dateRange', dateRange, message);
	}
	const days = readDateRange(
		{
			dateRange,
			since: item.parameter('since', ''),
			until: item.parameter('until', ''),
		},
		item,
	);
	if (days.custom && isDay(days.since) && isDay(days.until)) item.hint('pacific-days', inOwnZone(days, item.timeZone));
	return days;
}

function inOwnZone({ since, until }: ChosenDays, timeZone: string): string {
	const format = new Intl.DateTimeFormat('en-GB', {
		timeZone,
		day: 'numeric',
		month: 'short',
		year: 'numeric',
		hour: '2-digit',
		minute: '2-digit',
	});
	const begin = format.format(pacificMidnight(since));
	const end = format.format(pacificMidnight(addDays(until, 1)));
	return `${since} to ${until} is ${begin} to ${end} in ${timeZone}.`;
}
