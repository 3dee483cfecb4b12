import type { AccountTruth } from '../world/account-truth.ts';
import { addDays, endOfDay, graphTime, pacificDay } from '../world/pacific-day.ts';
import { ROLLING_DAYS, TIMEFRAMES } from './account-metric-rules.ts';
import { type Call, mayReadInsights } from './call.ts';
import { type CheckedAccountQuery, checkAccountQuery } from './check-account-query.ts';
import { readInsightsQuery } from './insights-query.ts';
import { type InsightsWindow, readWindow, requireLastDays } from './insights-window.ts';
import { timePaging } from './paging.ts';
import { noPermission } from './refusals.ts';

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
	// Demographics take no notice of since and until, not even of wrong ones.
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
		// Facebook says nothing here and answers an empty list; Instagram names the permission.
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

/** The members that carry the numbers; `null` when there is nothing to tell. */
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
			// A day that is not worked out yet comes without a value.
			...(account.isProcessed(day) ? { value: account.total(name, addDays(day, before), day) ?? 0 } : {}),
			end_time: graphTime(endOfDay(day)),
		})),
	};
}

/** Without its breakdown the metric answers a shell; with it, rows and still no total. The last two days are missing. */
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

/** `results` is missing altogether when nothing happened. */
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
