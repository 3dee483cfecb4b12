import {
	addDays,
	COMPARE_WITH,
	type CompareWith,
	DATE_RANGE_PRESETS,
	type DayRange,
	lastCompleteDay,
	pacificMidnight,
	usualComparison,
} from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
import { byName } from '../../panel/metricOptions';
import { wrongSetting } from '../../panel/wrongSetting';
import type { Item } from '../actions/item';
import { COMPARED_RANGES, chosenDays, inZone } from './dateRange';

const CHOICES: Readonly<Record<CompareWith, { name: string; description: string }>> = {
	previousPeriod: { name: 'Period Before', description: 'The same number of days, right before' },
	previousQuarter: {
		name: 'Quarter Before',
		description: 'The calendar quarter before the one in which the range starts',
	},
	previousMonth: { name: 'Month Before', description: 'The calendar month before the one in which the range starts' },
	sameDaysPreviousMonth: {
		name: 'Same Days of the Month Before',
		description: 'For example 1 to 26 November with 1 to 26 October',
	},
	previousYear: { name: 'Year Before', description: 'The same days a year ago' },
};

/** The parameter `compareWith`, once for each default: the default is the comparison that people expect for the date range. */
export const compareWithParameters: INodeProperties[] = COMPARE_WITH.flatMap((usual) => {
	const offered = DATE_RANGE_PRESETS.filter((preset) => COMPARED_RANGES.includes(preset));
	const ranges: readonly string[] = offered.filter((preset) => usualComparison(preset) === usual);
	if (ranges.length === 0) return [];
	const others = offered.filter((preset) => !ranges.includes(preset));
	return {
		displayName: 'Compare With',
		name: 'compareWith',
		type: 'options' as const,
		options: COMPARE_WITH.map((value) => ({ value, ...CHOICES[value] })).sort(byName),
		default: usual,
		description: 'The earlier period to compare with. Each row shows both periods.',
		// The period before is the default for all other ranges, including expressions and custom days.
		displayOptions: usual === 'previousPeriod' ? { hide: { dateRange: others } } : { show: { dateRange: [...ranges] } },
	};
});

/**
 * This Month ends with the last complete day: compared with a complete day, an unfinished one would look like a loss.
 *
 * @param choices the values of `dateRange` that the operation takes
 * @throws {InsightsError} `invalid-query`: no day of this month is over yet
 */
export function comparedDays(item: Item, choices: readonly string[] = COMPARED_RANGES): DayRange {
	const { since, until: end } = chosenDays(item, choices);
	if (item.parameter('dateRange', '') !== 'thisMonth') return { since, until: end };
	const until = lastCompleteDay(item.now);
	if (until >= since) return { since, until };
	const over = inZone(pacificMidnight(addDays(since, 1)), item.timeZone);
	const message = `This month has no complete day yet: ${since} ends in California on ${over} in ${item.timeZone}. Choose "Last Month", or run this later.`;
	throw wrongSetting('dateRange', 'thisMonth', message);
}

export function readCompareWith(item: Item): CompareWith {
	const preset = DATE_RANGE_PRESETS.find((name) => name === item.parameter('dateRange', ''));
	const value = item.parameter('compareWith', preset === undefined ? 'previousPeriod' : usualComparison(preset));
	const known = COMPARE_WITH.find((name) => name === value);
	if (known !== undefined) return known;
	const message = `"${String(value)}" is not a period to compare with. Choose one of ${COMPARE_WITH.join(', ')}.`;
	throw wrongSetting('compareWith', value, message);
}
