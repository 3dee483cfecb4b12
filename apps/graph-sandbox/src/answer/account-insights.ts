import type { AccountTruth } from '../world/account-truth.ts';
import type { HostName } from '../world/host.ts';
import { addDays, endOfDay, graphTime, pacificDay } from '../world/pacific-day.ts';
import { type Call, mayReadInsights } from './call.ts';
import {
	type InsightsQuery,
	type InsightsWindow,
	readInsightsQuery,
	readWindow,
	requireLastDays,
} from './insights-query.ts';
import {
	ACCOUNT_BREAKDOWN_PAIRS,
	ACCOUNT_BREAKDOWNS,
	ACCOUNT_METRIC_NAMES,
	ACCOUNT_METRIC_RULES,
	type AccountMetricRule,
	CURRENT_TIMEFRAMES,
	METRIC_TYPES,
	PERIODS,
	ROLLING_DAYS,
	TIMEFRAMES,
} from './metric-rules.ts';
import { timePaging } from './paging.ts';
import { invalidParameter, mustBeOneOf, noPermission } from './refusals.ts';

/** Rows by follow type exist for about the last year; older days count in the total only. */
const FOLLOW_TYPE_DAYS = 366;

/**
 * `GET /{ig-user-id}/insights`, and the same asked inside the account node.
 *
 * @throws {GraphRefusal} whatever Meta refuses
 */
export function accountInsights(call: Call, account: AccountTruth, params: Readonly<Record<string, string>>): object {
	const query = checkAccountQuery(call.host, readInsightsQuery(params));
	const now = call.world.now();
	// Demographics ignore since and until, even wrong ones.
	const timeless = query.asked.every(({ rule }) => rule.shape === 'demographics');
	const window = timeless
		? readWindow(call.host, null, null, now)
		: readWindow(call.host, query.since, query.until, now);
	for (const { name, rule } of query.asked) {
		const daysBack = typeof rule.daysBack === 'object' ? rule.daysBack[call.host] : rule.daysBack;
		if (daysBack !== undefined) requireLastDays(daysBack, window, name, now);
	}
	if (call.emptyInsights) return { data: [] };
	if (!mayReadInsights(call)) {
		// Facebook answers an empty list; Instagram names the permission.
		if (call.host === 'graph.facebook.com') return { data: [] };
		throw noPermission();
	}
	const data = query.asked.flatMap(({ name, rule }) => {
		if (rule.minFollowers !== undefined && account.followersNow() < rule.minFollowers) return [];
		const parts = valueParts(account, query, name, window, now);
		if (parts === null) return [];
		return [
			{
				name,
				period: query.period,
				title: rule.title,
				description: `${rule.title} of the account, as the sandbox counts it.`,
				...parts,
				id: `${account.id}/insights/${name}/${query.period}`,
			},
		];
	});
	return timeless ? { data } : { data, paging: timePaging(call, `${account.id}/insights`, params, window) };
}

/** The members with the numbers; `null` without numbers. */
function valueParts(
	account: AccountTruth,
	query: CheckedAccountQuery,
	name: string,
	window: InsightsWindow,
	now: Date,
): object | null {
	const rule = query.asked.find((metric) => metric.name === name)?.rule;
	switch (rule?.shape) {
		case 'count':
			return query.metricType === 'total_value'
				? totalParts(account, query, name, window, now)
				: seriesParts(account, query, name, window, now);
		case 'new-followers':
			return seriesParts(account, query, name, window, now);
		case 'follows':
			return followsParts(account, query, name, window, now);
		case 'demographics':
			return demographicsParts(account, query, name);
		case 'hours':
			return hoursParts(account, window, now);
		default:
			return null;
	}
}

function totalParts(
	account: AccountTruth,
	query: CheckedAccountQuery,
	name: string,
	window: InsightsWindow,
	now: Date,
): object | null {
	const last = addDays(window.until, -1);
	if (!account.hasNumbers(name, window.days) || !window.days.some((day) => account.isProcessed(day))) return null;
	const value = account.total(name, window.since, last) ?? 0;
	if (query.breakdowns.length === 0) return { total_value: { value } };
	const since = firstDayWithRows(query, window, now);
	const rows = since > last ? [] : account.breakdown(name, query.breakdowns, since, last);
	return { total_value: { value, breakdowns: [breakdownOf(query.breakdowns, rows)] } };
}

function seriesParts(
	account: AccountTruth,
	query: CheckedAccountQuery,
	name: string,
	window: InsightsWindow,
	now: Date,
): object | null {
	const before = 1 - (ROLLING_DAYS[query.period] ?? 1);
	const today = pacificDay(now);
	const days = window.days.filter((day) => day < today);
	if (!account.hasNumbers(name, days) || !days.some((day) => account.isProcessed(day))) return null;
	return {
		values: days.map((day) => ({
			// A day that is not processed yet has no value.
			...(account.isProcessed(day) ? { value: account.total(name, addDays(day, before), day) ?? 0 } : {}),
			end_time: graphTime(endOfDay(day)),
		})),
	};
}

/** Without its breakdown the metric has no value; with it, rows but no total. The last two days are missing. */
function followsParts(
	account: AccountTruth,
	query: CheckedAccountQuery,
	name: string,
	window: InsightsWindow,
	now: Date,
): object | null {
	if (query.breakdowns.length === 0) return {};
	if (!window.days.some((day) => account.isProcessed(day, 2))) return null;
	const last = addDays(window.until, -1);
	const since = firstDayWithRows(query, window, now);
	const rows = since > last ? [] : account.breakdown(name, query.breakdowns, since, last);
	return { total_value: { breakdowns: [breakdownOf(query.breakdowns, rows)] } };
}

function firstDayWithRows(query: CheckedAccountQuery, window: InsightsWindow, now: Date): string {
	const oldest = addDays(pacificDay(now), -FOLLOW_TYPE_DAYS);
	return query.breakdowns.includes('follow_type') && window.since < oldest ? oldest : window.since;
}

function demographicsParts(account: AccountTruth, query: CheckedAccountQuery, name: string): object | null {
	const timeframe = query.timeframe?.toLowerCase() ?? null;
	const days = TIMEFRAMES[timeframe ?? 'this_month'] ?? 30;
	if (account.audienceSize(name, days) < 100) return null;
	if (query.breakdowns.length === 0) return {};
	const rows = account.audience(name, query.breakdowns, days);
	if (timeframe === null) return { total_value: { breakdowns: [breakdownOf(query.breakdowns, rows)] } };
	const labelled = rows.map((row) => ({
		...row,
		dimensionValues: [timeframe.toUpperCase(), ...row.dimensionValues],
	}));
	return { total_value: { breakdowns: [breakdownOf(['timeframe', ...query.breakdowns], labelled)] } };
}

function hoursParts(account: AccountTruth, window: InsightsWindow, now: Date): object | null {
	const lastKnown = addDays(pacificDay(now), -2);
	return {
		values: window.days.map((day) => ({
			value: day < lastKnown ? account.onlineFollowers(day) : {},
			end_time: graphTime(endOfDay(day)),
		})),
	};
}

/** Without results, the member `results` is missing. */
function breakdownOf(
	keys: readonly string[],
	rows: readonly { readonly dimensionValues: readonly string[]; readonly value: number }[],
): object {
	if (rows.length === 0) return { dimension_keys: keys };
	return {
		dimension_keys: keys,
		results: rows.map((row) => ({ dimension_values: row.dimensionValues, value: row.value })),
	};
}

/** A question that Meta would answer. */
type CheckedAccountQuery = InsightsQuery & {
	readonly asked: readonly { readonly name: string; readonly rule: AccountMetricRule }[];
	readonly period: 'day' | 'lifetime' | 'week' | 'days_28';
	readonly metricType: 'default' | 'time_series' | 'total_value';
};

/**
 * Refuse what Meta refuses, in Meta's order: names, period, metric type, breakdown, timeframe. One bad metric fails all.
 *
 * @throws {GraphRefusal}
 */
function checkAccountQuery(host: HostName, query: InsightsQuery): CheckedAccountQuery {
	const asked = query.metrics.map((name, index) => {
		const rule = Object.hasOwn(ACCOUNT_METRIC_RULES, name) ? ACCOUNT_METRIC_RULES[name] : undefined;
		if (rule === undefined) throw mustBeOneOf(`metric[${index}]`, ACCOUNT_METRIC_NAMES);
		return { name, rule };
	});
	const period = checkPeriod(host, query, asked);
	const metricType = checkMetricType(query, asked);
	checkBreakdowns(query, asked, metricType);
	checkTimeframe(query, asked);
	return { ...query, asked, period, metricType };
}

type Asked = CheckedAccountQuery['asked'];

function checkPeriod(host: HostName, query: InsightsQuery, asked: Asked): CheckedAccountQuery['period'] {
	const period = query.period;
	if (period === null) throw invalidParameter('The parameter period is required');
	if (!PERIODS.some((known) => known === period)) throw mustBeOneOf('period', PERIODS);
	// The Instagram host silently answers the old rolling periods with days.
	const rolling = period === 'week' || period === 'days_28' ? period : null;
	const served = host === 'graph.instagram.com' && rolling !== null ? 'day' : period;
	const misfits = asked
		.filter(({ rule }) => rule.period !== served && !(served === rolling && rule.rolling))
		.map((metric) => metric.name);
	if (misfits.length > 0) {
		throw invalidParameter(`The following periods (${period}) are incompatible with the metric (${misfits.join(',')})`);
	}
	if (served === rolling && rolling !== null) return rolling;
	return served === 'day' ? 'day' : 'lifetime';
}

function checkMetricType(query: InsightsQuery, asked: Asked): CheckedAccountQuery['metricType'] {
	const known = METRIC_TYPES.find((type) => type === (query.metricType ?? 'default'));
	if (known === undefined) throw mustBeOneOf('metric_type', METRIC_TYPES);
	if (known === 'default') {
		const names = asked.filter((metric) => metric.rule.type === 'total').map((metric) => metric.name);
		if (names.length > 0) {
			throw invalidParameter(
				`The following metrics (${names.join(',')}) should be specified with parameter metric_type=total_value`,
			);
		}
		return known;
	}
	const misfits = asked.filter(
		({ rule }) => rule.type === 'default' || (known === 'time_series' && rule.type === 'total'),
	);
	if (misfits.length > 0) {
		const names = misfits.map((metric) => metric.name).join(',');
		const subject = misfits.length === 1 ? `metric (${names}) is` : `metrics (${names}) are`;
		throw invalidParameter(`The following ${subject} incompatible with the metric type (${known})`);
	}
	return known;
}

/** Only totals take breakdowns; a series silently drops them. */
function checkBreakdowns(query: InsightsQuery, asked: Asked, metricType: CheckedAccountQuery['metricType']): void {
	query.breakdowns.forEach((name, index) => {
		if (!ACCOUNT_BREAKDOWNS.some((known) => known === name)) {
			throw mustBeOneOf(`breakdown[${index}]`, ACCOUNT_BREAKDOWNS);
		}
	});
	if (metricType !== 'total_value' || query.breakdowns.length === 0) return;
	for (const { name, rule } of asked) {
		const each = query.breakdowns.every((breakdown) => rule.breakdowns.includes(breakdown));
		const together =
			query.breakdowns.length === 1 ||
			ACCOUNT_BREAKDOWN_PAIRS.some(
				({ metric, pair }) =>
					metric === name && query.breakdowns.length === 2 && pair.every((part) => query.breakdowns.includes(part)),
			);
		if (!each || !together) throw invalidParameter('An unknown error has occurred');
	}
}

function checkTimeframe(query: InsightsQuery, asked: Asked): void {
	const timeframe = query.timeframe?.toLowerCase();
	if (timeframe === undefined) return;
	if (!Object.hasOwn(TIMEFRAMES, timeframe)) throw mustBeOneOf('timeframe', Object.keys(TIMEFRAMES));
	const restricted = asked.some(
		({ name }) => name === 'engaged_audience_demographics' || name === 'reached_audience_demographics',
	);
	if (restricted && !CURRENT_TIMEFRAMES.includes(timeframe)) throw mustBeOneOf('timeframe', CURRENT_TIMEFRAMES);
}
