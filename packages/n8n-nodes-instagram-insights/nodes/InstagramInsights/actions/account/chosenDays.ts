import { addDays, isDay, pacificMidnight } from '@instagram-insights/core';
import { type ChosenDays, readDateRange } from '../../descriptions/dateRange';
import type { Item } from '../item';

/** The days of an item's date parameters; custom days are said in a hint as they look in the workflow's own zone. */
export function chosenDays(item: Item): ChosenDays {
	const days = readDateRange(
		{
			dateRange: item.parameter('dateRange', 'last28Days'),
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
