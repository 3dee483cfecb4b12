import { ACCOUNT_METRICS, type AccountMetricRow, limitInWords, TIMEFRAMES } from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
import { accountParameter } from '../../../panel/account';
import { accountMetricOptions } from '../../../panel/metricOptions';
import { metricsParameters, readNames } from '../../../panel/metrics';
import { optionsParameter } from '../../../panel/options';
import { accountBreakdowns, breakdownParameter, readBreakdown } from '../../descriptions/breakdown';
import { chosenDays, dateRangeParameters, dateRangesWithin, inDateRange } from '../../descriptions/dateRange';
import { outputParameters } from '../../descriptions/output';
import { bucketRows, hourRows } from '../../output/accountRows';
import { AUDIENCE_MINIMUM, answerHints } from '../../output/hints';
import { rawRows } from '../../output/rawRows';
import type { Operation } from '../operation';

function isAudience({ valueShape, periods }: AccountMetricRow): boolean {
	return valueShape === 'breakdowns_only' && periods.includes('lifetime');
}

/** Metrics that depend on the timeframe. Follower demographics always describe the current followers. */
const TIMED = Object.entries<AccountMetricRow>(ACCOUNT_METRICS)
	.filter(([, row]) => isAudience(row) && row.timeframeOptional !== true)
	.map(([name]) => name);

const timeframeParameter: INodeProperties = {
	displayName: 'Timeframe',
	name: 'timeframe',
	type: 'options',
	options: Object.entries(TIMEFRAMES)
		.filter(([, { current }]) => current)
		.map(([value, { title }]) => ({ name: title, value })),
	default: 'this_month',
	description: 'How far to look back. Follower metrics always show the current followers.',
	displayOptions: { show: { metrics: TIMED } },
};

/** Who follows the account, saw its content or reacted to it. */
export const getAudience: Operation = {
	value: 'getAudience',
	name: 'Get Audience',
	action: 'Get account audience',
	description: `Retrieve who follows the account, or who engaged with it recently, by age, city, country or gender. Returns one row per group with its number of people. Needs at least ${AUDIENCE_MINIMUM}.`,
	builderHint:
		'Use to find out who follows or engages with the account. Set breakdown to country, city, age or gender.',
	fields: [
		accountParameter,
		breakdownParameter(accountBreakdowns(isAudience), {
			optional: false,
			preselected: 'country',
			description: 'How to break down the audience. Returns one row per group.',
		}),
		...metricsParameters([{ options: accountMetricOptions(isAudience), preselected: ['follower_demographics'] }]),
		timeframeParameter,
		...outputParameters,
		optionsParameter([], { metrics: true }),
	],
	async *run(item) {
		const breakdown = readBreakdown(item.parameter('breakdown', 'country')) ?? [];
		const metrics = readNames(item.parameter('metrics', []));
		const timeframe = String(item.parameter('timeframe', 'this_month'));
		const client = await item.client();
		const answer = await client.audience({ metrics, breakdown, timeframe }, { signal: item.signal });
		answerHints(item, answer);
		// For a small audience Meta returns an empty list, without an error or a reason.
		if (answer.insights.some(({ shape }) => shape === 'absent')) item.hint('privacy-floor');
		yield* item.simplify ? bucketRows(answer.insights, String(breakdown)) : rawRows(answer.raw, answer.insights);
	},
};

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
