import { firstLaggingDay, pacificDay } from '@instagram-insights/core/internal';
import { accountParameter } from '../../../panel/account';
import { accountMetricOptions } from '../../../panel/metricOptions';
import { metricsParameters, readNames } from '../../../panel/metrics';
import { optionsParameter } from '../../../panel/options';
import { comparedDays, compareWithParameters, readCompareWith } from '../../descriptions/compareWith';
import { COMPARED_RANGES, dateRangeParameters, inDateRange } from '../../descriptions/dateRange';
import { agentOutputParameters } from '../../descriptions/output';
import { comparisonRow } from '../../output/accountRows';
import { reasonHints } from '../../output/hints';
import type { Operation } from '../operation';

/** A period compared with an earlier one. */
export const compare: Operation = {
	value: 'compare',
	name: 'Compare Periods',
	action: 'Compare account periods',
	description:
		'Compare the account metrics of a period with those of an earlier one: the days right before, the same days of last month, the month before or the year before. Returns one row per metric, with the change as a number and in percent.',
	builderHint:
		'Use to compare periods, such as this month with last month. Set dateRange and compareWith; you do not need a second node or a Code node.',
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
