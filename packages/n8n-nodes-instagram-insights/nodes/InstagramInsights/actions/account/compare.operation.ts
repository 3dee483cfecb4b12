import { firstLaggingDay } from '@instagram-insights/core';
import { accountParameter } from '../../descriptions/account';
import { dateRangeParameters } from '../../descriptions/dateRange';
import { accountMetricOptions } from '../../descriptions/metricOptions';
import { metricsParameters, readNames } from '../../descriptions/metrics';
import { optionsParameter } from '../../descriptions/options';
import { comparisonRow } from '../../output/accountRows';
import { reasonHints } from '../../output/reasonHints';
import type { Operation } from '../operation';
import { chosenDays, inDateRange } from './chosenDays';

/** This period beside the one of equal length before it. */
export const compare: Operation = {
	value: 'compare',
	name: 'Compare Periods',
	action: 'Compare account periods',
	description:
		'Retrieve account metrics of a period beside those of as many days right before it, with the change as a number and in percent: one row for each metric',
	fields: [
		accountParameter,
		...metricsParameters([
			{
				options: accountMetricOptions((row) => row.valueShape === 'total_value' && row.periods.includes('day')),
				preselected: ['reach', 'views', 'accounts_engaged', 'total_interactions'],
			},
		]),
		...dateRangeParameters(),
		optionsParameter([], { metrics: true }),
	],
	async *run(item) {
		const { since, until } = chosenDays(item);
		const metrics = readNames(item.parameter('metrics', []));
		const client = await item.client();
		const comparisons = await client.compare({ metrics, since, until }, { signal: item.signal });
		for (const { metric, reason } of comparisons) {
			if (reason === 'not-additive') item.hint('not-additive-compared');
			else if (reason !== undefined) for (const id of reasonHints([{ shape: 'absent', metric, reason }])) item.hint(id);
		}
		if (until >= firstLaggingDay(item.now)) item.hint('data-lag');
		yield* comparisons.map(comparisonRow);
	},
	inPanel: inDateRange,
};
