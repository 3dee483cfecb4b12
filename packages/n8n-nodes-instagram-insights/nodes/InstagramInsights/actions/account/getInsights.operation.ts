import {
	addDays,
	COMPUTED_ACCOUNT_METRICS,
	isDay,
	readComputedTotals,
	shownMetrics,
} from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { accountParameter } from '../../../panel/account';
import { readNames } from '../../../panel/metrics';
import { optionsParameter } from '../../../panel/options';
import { simplifyParameter } from '../../../panel/simplify';
import { wrongSetting } from '../../../panel/wrongSetting';
import { NO_BREAKDOWN, readBreakdown } from '../../descriptions/breakdown';
import { readComputed } from '../../descriptions/computed';
import { dateRangeParameters, readDay } from '../../descriptions/dateRange';
import { bucketRows, dailyRows, totalRow } from '../../output/accountRows';
import { rawRows } from '../../output/rawRows';
import type { Item } from '../item';
import type { Operation } from '../operation';
import { answerHints } from './answerHints';
import { chosenDays, inDateRange } from './chosenDays';
import { measureParameters, readGranularity } from './measureParameters';

/** The numbers of a day may grow for this many days: they are read once more. */
const GROWING_DAYS = 2;

const LAST_KEPT: INodeProperties = {
	displayName: 'Only Days Not Yet Kept',
	name: 'lastKeptDay',
	type: 'string',
	default: '',
	placeholder: 'e.g. {{ $json.date }}',
	description:
		'The newest day that your table has. Reading goes on from there, also where days are missing because the workflow did not run, and takes the last two kept days again because their numbers may have grown. Upsert by account_id and date. Empty for the whole Date Range. Days only.',
};

/** Account numbers over days: totals, days or buckets. */
export const getInsights: Operation = {
	value: 'getInsights',
	name: 'Get Insights',
	action: 'Get account insights',
	description:
		'Retrieve how an account did over a range of days: accounts reached, views, interactions, profile visits and more. As totals, day by day, or split by followers, content type or contact button.',
	builderHint:
		'Use for the numbers of an account over days. Set granularity to total for one row, or to daily for one row per day.',
	fields: [
		accountParameter,
		...measureParameters,
		...dateRangeParameters(),
		simplifyParameter,
		optionsParameter([LAST_KEPT], { metrics: true }),
	],
	async *run(item) {
		const metrics = readNames(item.parameter('metrics', []));
		const { since, until } = chosenDays(item);
		yield* readGranularity(item) === 'daily'
			? await daily(item, { metrics, since: firstDayToRead(item, since), until })
			: await totals(item, { metrics, since, until });
	},
	inPanel: inDateRange,
};

type Asked = { readonly metrics: readonly string[]; readonly since: string; readonly until: string };

/**
 * Where reading goes on behind the days a table has: before `since` where days are missing, after it where they are kept.
 *
 * @throws {InsightsError} `invalid-query`: the option is not a day
 */
function firstDayToRead(item: Item, since: string): string {
	const kept = item.options.lastKeptDay;
	const day = readDay(kept, item.timeZone);
	if (day === '') return since;
	if (isDay(day)) return addDays(day, 1 - GROWING_DAYS);
	throw wrongSetting(
		'lastKeptDay',
		kept,
		`"${day}" is not a day. Give the newest date of your table, such as 2026-11-01.`,
	);
}

async function daily(item: Item, asked: Asked): Promise<IDataObject[]> {
	if (asked.since > asked.until) {
		item.hint('all-kept');
		return [];
	}
	const client = await item.client();
	const answer = await client.accountDaily(asked, { signal: item.signal });
	answerHints(item, answer);
	return item.simplify ? dailyRows(asked.metrics, answer.insights, asked) : rawRows(answer.raw, answer.insights);
}

async function totals(item: Item, asked: Asked): Promise<IDataObject[]> {
	const breakdown = readBreakdown(item.parameter('breakdown', NO_BREAKDOWN));
	const canCompute = breakdown === undefined && item.simplify;
	const computed = canCompute ? readComputed(item, COMPUTED_ACCOUNT_METRICS) : [];
	const client = await item.client();
	if (computed.length > 0) {
		const found = await readComputedTotals(client, { ...asked, computed }, item);
		answerHints(item, found);
		return [totalRow(shownMetrics(asked.metrics, computed, COMPUTED_ACCOUNT_METRICS), found.insights, asked)];
	}
	const answer = await client.accountTotals({ ...asked, breakdown }, { signal: item.signal });
	answerHints(item, answer);
	if (!item.simplify) return rawRows(answer.raw, answer.insights);
	const { metrics, since, until } = asked;
	if (breakdown !== undefined) return bucketRows(answer.insights, String(breakdown), { since, until });
	return [totalRow(metrics, answer.insights, { since, until })];
}
