import { accountMetricRow } from '../catalog/account-metric.ts';
import type { AccountMetricRow, MetricType, Period, Timeframe } from '../catalog/metric-row.ts';
import { type AccountQuery, readBreakdowns } from './insights-query.ts';

/** How a group's range is divided into requests: in windows, day by day, or not at all. */
export type GroupSpan = 'windows' | 'days' | 'none';

/**
 * Account metrics that fit one request: same period, same metric type, same breakdown. Mixing any of these
 * makes Graph refuse the whole request.
 */
export type MetricGroup = {
	readonly metrics: readonly string[];
	readonly period: Period;
	readonly metricType: MetricType;
	/** Crossed dimensions; empty for none. */
	readonly breakdown: readonly string[];
	readonly timeframe: string | null;
	readonly span: GroupSpan;
};

const DEFAULT_TIMEFRAME: Timeframe = 'this_month';

/** How a name outside the catalog is treated: as a daily metric with a total. */
const UNKNOWN: Pick<AccountMetricRow, 'metricTypes'> = { metricTypes: ['total_value'] };

/** Sort the metrics of a question into the fewest groups, in the order in which the metrics were named. */
export function groupMetrics(query: AccountQuery): MetricGroup[] {
	const metrics = query.kind === 'online-followers' ? ['online_followers'] : [...new Set(query.metrics)];
	const breakdowns = 'breakdown' in query ? readBreakdowns(query.breakdown) : [];
	const groups = new Map<string, MetricGroup>();
	for (const metric of metrics) {
		for (const group of waysToAsk(metric, query, breakdowns)) {
			const key = [group.period, group.metricType, group.breakdown, group.timeframe, group.span].join('|');
			const known = groups.get(key);
			groups.set(key, known ? { ...known, metrics: [...known.metrics, metric] } : group);
		}
	}
	return [...groups.values()];
}

function waysToAsk(metric: string, query: AccountQuery, breakdowns: readonly string[][]): MetricGroup[] {
	const row = accountMetricRow(metric);
	const { metricTypes } = row ?? UNKNOWN;
	// Rolling periods were seen without a metric type only (S50).
	const rolling = query.kind === 'account-daily' ? query.period : undefined;
	const series = query.kind === 'account-daily' && metricTypes.includes('time_series');
	const counted = series ? 'time_series' : metricTypes.includes('total_value') ? 'total_value' : 'default';
	const metricType = rolling === undefined ? counted : 'default';
	const lifetime = query.kind === 'audience' || query.kind === 'online-followers';
	const period = rolling ?? (row ? (row.periods[0] ?? 'day') : lifetime ? 'lifetime' : 'day');
	const span = period === 'lifetime' && metricType === 'total_value' ? 'none' : spanOf(query, metricType);
	const ordered = breakdowns.flatMap((dimensions) => {
		const known = row === undefined ? dimensions : inGraphsOrder(row, dimensions);
		return known === undefined ? [] : [known];
	});
	// A pair in either order is the same question.
	const asked = [...new Map(ordered.map((dimensions) => [dimensions.join(), dimensions])).values()];
	const timeframe =
		query.kind === 'audience' && (row === undefined || row.timeframes.length > 0)
			? (query.timeframe ?? DEFAULT_TIMEFRAME)
			: null;
	const dimensionsList: readonly (readonly string[])[] = asked.length > 0 ? asked : [[]];
	return dimensionsList.map((breakdown) => ({
		metrics: [metric],
		period,
		metricType,
		breakdown,
		timeframe,
		span,
	}));
}

function spanOf(query: AccountQuery, metricType: MetricType): GroupSpan {
	return query.kind === 'account-daily' && metricType === 'total_value' ? 'days' : 'windows';
}

/** Whether a metric supports these dimensions: one of its own, or a pair that is known to work. */
export function takesBreakdown(row: BreakdownsOfMetric, dimensions: readonly string[]): boolean {
	return inGraphsOrder(row, dimensions) !== undefined;
}

type BreakdownsOfMetric = Pick<AccountMetricRow, 'breakdowns' | 'breakdownPairs'>;

/** The dimensions in the order that Graph accepts; undefined if the metric does not support them. */
function inGraphsOrder(row: BreakdownsOfMetric, dimensions: readonly string[]): readonly string[] | undefined {
	const [only] = dimensions;
	if (dimensions.length === 1) return row.breakdowns.some((breakdown) => breakdown === only) ? dimensions : undefined;
	const asked = dimensions.toSorted().join();
	return row.breakdownPairs.find((pair) => pair.toSorted().join() === asked);
}
