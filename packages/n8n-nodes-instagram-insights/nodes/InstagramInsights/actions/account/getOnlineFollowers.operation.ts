import { ACCOUNT_METRICS, limitInWords } from '@instagram-insights/core/internal';
import { accountParameter } from '../../../panel/account';
import { optionsParameter } from '../../../panel/options';
import { chosenDays, dateRangeParameters, dateRangesWithin, inDateRange } from '../../descriptions/dateRange';
import { outputParameters } from '../../descriptions/output';
import { hourRows } from '../../output/accountRows';
import { answerHints } from '../../output/hints';
import { rawRows } from '../../output/rawRows';
import type { Operation } from '../operation';

const METRIC = ACCOUNT_METRICS.online_followers;
const DATE_RANGES = dateRangesWithin(METRIC);

/** How many followers are on Instagram, by hour. */
export const getOnlineFollowers: Operation = {
	value: 'getOnlineFollowers',
	name: 'Get Online Followers',
	action: 'Get account online followers',
	description: `Retrieve how many followers were on Instagram in each hour of a day. Instagram keeps only the last ${limitInWords(METRIC.limits, 'daysBack', (days) => `${days} days`)} and often returns no data.`,
	builderHint: 'Use for raw counts of followers online per hour. To find the best time to post, use getBestTimes.',
	fields: [accountParameter, ...dateRangeParameters(DATE_RANGES), ...outputParameters, optionsParameter()],
	async *run(item) {
		const { since, until } = chosenDays(item, DATE_RANGES);
		const client = await item.client();
		const answer = await client.onlineFollowers({ since, until }, { signal: item.signal });
		answerHints(item, answer);
		item.hint('hour-zone');
		yield* item.simplify ? hourRows(answer.insights) : rawRows(answer.raw, answer.insights);
	},
	inPanel: inDateRange,
};
