import {
	addDays,
	COMPARE_WITH,
	type CompareWith,
	DATE_RANGE_PRESETS,
	firstLaggingDay,
	lastCompleteDay,
	pacificDay,
	pacificMidnight,
	usualComparison,
} from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
import { accountParameter } from '../../../panel/account';
import { accountMetricOptions } from '../../../panel/metricOptions';
import { metricsParameters, readNames } from '../../../panel/metrics';
import { optionsParameter } from '../../../panel/options';
import { wrongSetting } from '../../../panel/wrongSetting';
import { COMPARED_RANGES, chosenDays, dateRangeParameters, inDateRange, inZone } from '../../descriptions/dateRange';
import { agentOutputParameters } from '../../descriptions/output';
import { comparisonRow } from '../../output/accountRows';
import { reasonHints } from '../../output/hints';
import type { Item } from '../item';
import type { Operation } from '../operation';

const CHOICES: Readonly<Record<CompareWith, { name: string; description: string }>> = {
	previousPeriod: { name: 'Period Before', description: 'As many days, right before' },
	previousQuarter: {
		name: 'Quarter Before',
		description: 'The whole calendar quarter before the one the range begins in',
	},
	previousMonth: { name: 'Month Before', description: 'The whole calendar month before the one the range begins in' },
	sameDaysPreviousMonth: {
		name: 'Same Days of the Month Before',
		description: 'For example 1 to 26 November with 1 to 26 October',
	},
	previousYear: { name: 'Year Before', description: 'The same days a year ago' },
};

/** One parameter, whose default is what people mean by the range chosen: it stands once for each default. */
export const compareWithParameters: INodeProperties[] = COMPARE_WITH.flatMap((usual) => {
	const offered = DATE_RANGE_PRESETS.filter((preset) => COMPARED_RANGES.includes(preset));
	const ranges: readonly string[] = offered.filter((preset) => usualComparison(preset) === usual);
	if (ranges.length === 0) return [];
	const others = offered.filter((preset) => !ranges.includes(preset));
	return {
		displayName: 'Compare With',
		name: 'compareWith',
		type: 'options' as const,
		options: COMPARE_WITH.map((value) => ({ value, ...CHOICES[value] })).sort((a, b) =>
			a.name.localeCompare(b.name, 'en'),
		),
		default: usual,
		description: 'The earlier days to compare with. Each row says both periods.',
		// The range before has all that the others leave, expressions and custom days included.
		displayOptions: usual === 'previousPeriod' ? { hide: { dateRange: others } } : { show: { dateRange: [...ranges] } },
	};
});

/** This period beside an earlier one. */
export const compare: Operation = {
	value: 'compare',
	name: 'Compare Periods',
	action: 'Compare account periods',
	description:
		'Retrieve account metrics of a period beside those of an earlier one: the days right before, the same days of last month, the month before or the year before. Gives the change as a number and in percent, one row per metric.',
	builderHint:
		'Use for this month against last month and the like. Set dateRange and compareWith; no second node and no Code node is needed.',
	fields: [
		accountParameter,
		...metricsParameters([
			{
				options: accountMetricOptions((row) => row.valueShape === 'total_value' && row.periods.includes('day')),
				preselected: ['reach', 'views', 'accounts_engaged', 'total_interactions'],
			},
		]),
		...dateRangeParameters(COMPARED_RANGES),
		...compareWithParameters,
		...agentOutputParameters(),
		optionsParameter([], { metrics: true }),
	],
	async *run(item) {
		const { since, until } = comparedDays(item);
		const compareWith = readCompareWith(item);
		const metrics = readNames(item.parameter('metrics', []));
		const client = await item.client();
		const comparisons = await client.compare({ metrics, since, until, compareWith }, { signal: item.signal });
		for (const { metric, reason, message = '' } of comparisons) {
			if (reason === 'not-additive') item.hint('not-additive-compared');
			else if (reason !== undefined)
				for (const hint of reasonHints([{ shape: 'absent', metric, reason, message }])) item.hint(...hint);
		}
		if (until > pacificDay(item.now)) item.hint('not-begun');
		if (until >= firstLaggingDay(item.now)) item.hint('data-lag');
		yield* comparisons.map(comparisonRow);
	},
	inPanel: inDateRange,
};

/**
 * This Month ends with the last day that is over: days of an unfinished one against whole days would look like a loss.
 *
 * @throws {InsightsError} `invalid-query`: no day of this month is over yet
 */
export function comparedDays(item: Item): { readonly since: string; readonly until: string } {
	const days = chosenDays(item, COMPARED_RANGES);
	if (item.parameter('dateRange', '') !== 'thisMonth') return days;
	const until = lastCompleteDay(item.now);
	if (until >= days.since) return { since: days.since, until };
	const over = inZone(pacificMidnight(addDays(days.since, 1)), item.timeZone);
	const message = `This month has no complete day yet: ${days.since} ends in California on ${over} in ${item.timeZone}. Choose "Last Month", or run this later.`;
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
