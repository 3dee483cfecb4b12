import { accountMetricRow } from '../catalog/account-metric.ts';
import type { AccountMetricRow, MetricType, Period, Timeframe } from '../catalog/metric-row.ts';
import { type AccountQuery, readBreakdowns } from './insights-query.ts';

/** How the time of a group is cut into requests: the range in windows, day by day, or not at all. */
export type GroupSpan = 'windows' | 'days' | 'none';

/**
 * Account metrics that may travel in one request: same period, same metric type, same breakdown. Mixing any of these
 * makes Graph refuse the whole request.
 */
export type MetricGroup = {
	readonly metrics: readonly string[];
	readonly period: Period;
	readonly metricType: MetricType;
	/** Dimensions, crossed; empty for none. */
	readonly breakdown: readonly string[];
	readonly timeframe: string | null;
	readonly span: GroupSpan;
};

const DEFAULT_TIMEFRAME: Timeframe = 'this_month';

/** What a name that the catalog does not hold is taken for: a daily metric that Graph totals. */
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
	// The same pair in both orders is one question.
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

/** Whether a metric may be split by these dimensions: one that it has, or a pair that is known to work. */
export function takesBreakdown(row: BreakdownsOfMetric, dimensions: readonly string[]): boolean {
	return inGraphsOrder(row, dimensions) !== undefined;
}

type BreakdownsOfMetric = Pick<AccountMetricRow, 'breakdowns' | 'breakdownPairs'>;

/** The dimensions in the order Graph is known to take; undefined where the metric cannot be split by them. */
function inGraphsOrder(row: BreakdownsOfMetric, dimensions: readonly string[]): readonly string[] | undefined {
	const [only] = dimensions;
	if (dimensions.length === 1) return row.breakdowns.some((breakdown) => breakdown === only) ? dimensions : undefined;
	const asked = dimensions.toSorted().join();
	return row.breakdownPairs.find((pair) => pair.toSorted().join() === asked);
}
