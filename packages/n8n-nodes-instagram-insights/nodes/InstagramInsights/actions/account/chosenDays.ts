import { addDays, isDay, pacificMidnight, type QueryProblem } from '@instagram-insights/core/internal';
import { wrongSetting, wrongSettings } from '../../../panel/wrongSetting';
import { type ChosenDays, DATE_RANGES, readDateRange } from '../../descriptions/dateRange';
import type { Item } from '../item';

const DEFAULT = 'last28Days';

/**
 * The days of an item's date parameters; custom days are said in a hint as they look in the workflow's own zone.
 *
 * @param choices the values of `dateRange` that the operation takes
 * @throws {InsightsError} `invalid-query`: an expression gave another word for the range, or a custom day is blank
 */
export function chosenDays(item: Item, choices: readonly string[] = DATE_RANGES): ChosenDays {
	const dateRange = String(item.parameter('dateRange', DEFAULT));
	if (!choices.includes(dateRange)) {
		const known = DATE_RANGES.includes(dateRange);
		const wrong = known ? `"${dateRange}" reaches further back than Meta keeps` : `"${dateRange}" is not a date range`;
		const message = `${wrong}. Choose one of ${choices.join(', ')}.`;
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
	if (days.custom) refuseBlank(days);
	if (days.custom && isDay(days.since) && isDay(days.until)) item.hint('pacific-days', inOwnZone(days, item.timeZone));
	return days;
}

/** The days of a preset are nobody's own words: what is wrong with them is wrong with the range. */
export function inDateRange(problem: QueryProblem, item: Item): QueryProblem {
	if (problem.field !== 'since' && problem.field !== 'until') return problem;
	const dateRange = String(item.parameter('dateRange', DEFAULT));
	if (dateRange === 'custom') return problem;
	const { reason, message } = problem;
	return { field: 'dateRange', value: dateRange, reason, message };
}

function refuseBlank({ since, until }: ChosenDays): void {
	const blank = (field: string, which: string, example: string): QueryProblem => ({
		field,
		reason: 'not-a-day',
		message: `The range is Custom, but this is empty. Enter the ${which} day to read, such as ${example}, or choose another Date Range.`,
	});
	const problems = [
		...(since === '' ? [blank('since', 'first', '2026-11-01')] : []),
		...(until === '' ? [blank('until', 'last', '2026-11-30')] : []),
	];
	if (problems.length > 0) throw wrongSettings(problems);
}

function inOwnZone({ since, until }: ChosenDays, timeZone: string): string {
	const [begin, end] = [pacificMidnight(since), pacificMidnight(addDays(until, 1))];
	return `${since} to ${until} is ${inZone(begin, timeZone)} to ${inZone(end, timeZone)} in ${timeZone}.`;
}

/** `1 Dec 2026, 09:00` */
export function inZone(instant: Date, timeZone: string): string {
	return instant.toLocaleString('en-GB', {
		timeZone,
		day: 'numeric',
		month: 'short',
		year: 'numeric',
		hour: '2-digit',
		minute: '2-digit',
	});
}
