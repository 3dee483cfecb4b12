import { ACCOUNT_METRICS, accountMetricRow } from '../catalog/account-metric.ts';
import { BREAKDOWNS, breakdownsOf } from '../catalog/breakdown.ts';
import { HOSTS } from '../catalog/host.ts';
import { MEDIA_METRICS, mediaMetricRow } from '../catalog/media-metric.ts';
import { ROLLING_PERIODS, TIMEFRAMES } from '../catalog/metric-row.ts';
import { nearestName } from '../catalog/nearest-name.ts';
import type { QueryProblem } from '../insights-error.ts';
import { fits } from './check-account-metrics.ts';
import type { AccountDailyQuery, AccountTotalsQuery, AudienceQuery, QueryContext } from './insights-query.ts';
import { readBreakdowns } from './insights-query.ts';
import { takesBreakdown } from './metric-group.ts';
import { either, problem } from './query-problem.ts';

/** Problems of the breakdowns of a question about an account: unknown, not for these metrics, or missing. */
export function checkAccountBreakdowns(
	query: AccountTotalsQuery | AccountDailyQuery | AudienceQuery,
	_context: QueryContext,
): QueryProblem[] {
	const choices = 'breakdown' in query ? readBreakdowns(query.breakdown) : [];
	const [first] = choices;
	if (query.kind === 'account-daily' && first) {
		const message =
			'A daily series cannot have a breakdown. Ask for the total with the breakdown, one day at a time if needed.';
		return [
			problem('breakdown', 'unsupported-breakdown', message, { value: first.join(), suggestion: 'account-totals' }),
		];
	}
	const unknown = choices.flat().flatMap((name) => unknownBreakdown(name, breakdownsOf('account')) ?? []);
	if (unknown.length > 0) return unknown;
	const metrics = [...new Set(query.metrics)];
	return metrics.flatMap((metric) => {
		const row = accountMetricRow(metric);
		// A metric of another question is a problem of its own.
		if (!row || !fits(row, query.kind)) return [];
		if (choices.length === 0) {
			if (!row.requiresBreakdown) return [];
			const daily = query.kind === 'account-daily' ? ' Ask for it as a total with that breakdown.' : '';
			const message = `"${metric}" has no value of its own, only buckets: choose the breakdown ${either(row.breakdowns)}.${daily}`;
			return [problem('breakdown', 'breakdown-required', message, { value: metric, suggestion: row.breakdowns[0] })];
		}
		if (choices.some((dimensions) => takesBreakdown(row, dimensions))) return [];
		const asked = choices.map((dimensions) => dimensions.join(','));
		const able = metricsWith(asked);
		const way =
			row.breakdowns.length > 0
				? `Choose ${either([...row.breakdowns, ...row.breakdownPairs.map((pair) => pair.join(','))])} for it, or ask for it separately.`
				: `Ask for it without a breakdown.${able}`;
		const message = `"${metric}" does not support the breakdown ${either(asked)}. ${way}`;
		return [problem('breakdown', 'unsupported-breakdown', message, { value: metric, suggestion: row.breakdowns[0] })];
	});
}

/** Problems of the breakdown of a question about media. */
export function checkMediaBreakdown(metrics: readonly string[], breakdown: string | undefined): QueryProblem[] {
	if (breakdown === undefined || breakdown === '') return [];
	const unknown = unknownBreakdown(breakdown, breakdownsOf('media'));
	if (unknown) return [unknown];
	return [...new Set(metrics)].flatMap((metric) => {
		const row = mediaMetricRow(metric);
		if (!row || row.breakdowns.some((name) => name === breakdown)) return [];
		const able = Object.entries(MEDIA_METRICS).filter(([, { breakdowns }]) => breakdowns.some((b) => b === breakdown));
		const way = row.breakdowns[0] ? `Choose "${row.breakdowns[0]}" for it.` : 'Ask for it without a breakdown.';
		const others = able.length > 0 ? ` The breakdown works with ${either(able.map(([name]) => name))}.` : '';
		const message = `"${metric}" does not support the breakdown "${breakdown}". ${way}${others}`;
		return [problem('breakdown', 'unsupported-breakdown', message, { value: metric, suggestion: row.breakdowns[0] })];
	});
}

/** Problems of metrics that each have a breakdown of their own. */
export function checkSplit(split: Readonly<Record<string, string>> | undefined): QueryProblem[] {
	return Object.entries(split ?? {}).flatMap(([metric, breakdown]) => checkMediaBreakdown([metric], breakdown));
}

/** Problems of the timeframe of an audience question. */
export function checkTimeframe(query: AudienceQuery, _context: QueryContext): QueryProblem[] {
	const { timeframe } = query;
	if (timeframe === undefined) return [];
	const current = Object.entries(TIMEFRAMES).filter(([, row]) => row.current);
	const names = current.map(([name]) => name);
	if (!Object.hasOwn(TIMEFRAMES, timeframe)) {
		const suggestion = nearestName(timeframe, names);
		const message = `"${timeframe}" is not a timeframe. Choose ${either(names)}.`;
		return [problem('timeframe', 'unknown-timeframe', message, { value: timeframe, suggestion })];
	}
	return query.metrics.flatMap((metric) => {
		const row = accountMetricRow(metric);
		const taken = row && [...row.timeframes, ...(row.timeframeOptional ? row.legacyTimeframes : [])];
		if (!row || taken?.some((name) => name === timeframe) || row.timeframes.length === 0) return [];
		const message = `"${metric}" no longer takes the timeframe "${timeframe}". Choose ${either(row.timeframes)}.`;
		return [
			problem('timeframe', 'unsupported-timeframe', message, { value: timeframe, suggestion: row.timeframes[0] }),
		];
	});
}

/** Problems of the period of a daily question. */
export function checkPeriod({ metrics, period }: AccountDailyQuery, { host }: QueryContext): QueryProblem[] {
	if (period === undefined) return [];
	const names = Object.keys(ROLLING_PERIODS);
	if (!names.includes(period)) {
		const message = `"${period}" is not a rolling period. Choose ${either(names)}, or leave it out for one number per day.`;
		return [
			problem('period', 'unsupported-period', message, { value: period, suggestion: nearestName(period, names) }),
		];
	}
	return [...new Set(metrics)].flatMap((metric) => {
		const row = accountMetricRow(metric);
		if (row === undefined) return [];
		const hosts = row.periods.includes(period) ? (row.periodHosts[period] ?? row.hosts) : [];
		if (hosts.includes(host)) return [];
		const [other] = hosts;
		const message = other
			? `"${metric}" has the period "${period}" only with ${HOSTS[other].title} (${other}). Connect the account that way, or leave the period out.`
			: `"${metric}" has no period "${period}". Leave the period out, or ask for the metric separately.`;
		return [problem('period', 'unsupported-period', message, { value: metric, suggestion: other })];
	});
}

function unknownBreakdown(name: string, names: readonly string[]): QueryProblem | undefined {
	if (names.includes(name)) return undefined;
	// Meta's page uses this spelling; the API refuses it.
	const suggestion = name === 'follower_type' ? 'follow_type' : nearestName(name, names);
	const other = Object.hasOwn(BREAKDOWNS, name) ? ' here' : '';
	const way = suggestion ? `Did you mean "${suggestion}"?` : `Choose ${either(names)}.`;
	return problem('breakdown', 'unknown-breakdown', `"${name}" is not a breakdown${other}. ${way}`, {
		value: name,
		suggestion,
	});
}

function metricsWith(asked: readonly string[]): string {
	const able = Object.entries(ACCOUNT_METRICS).filter(([, row]) =>
		asked.some((choice) => takesBreakdown(row, choice.split(','))),
	);
	return able.length > 0 ? ` The breakdown works with ${either(able.map(([name]) => name))}.` : '';
}
