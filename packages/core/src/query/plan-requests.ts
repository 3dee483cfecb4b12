import { accountMetricLimits, accountMetricRow } from '../catalog/account-metric.ts';
import type { Host } from '../catalog/host.ts';
import { addDays, type Day, listDays, pacificDay } from './calendar-day.ts';
import { type DayRange, splitWindow, type Window, windowSeconds } from './date-range.ts';
import type { AccountQuery } from './insights-query.ts';
import { groupMetrics, type MetricGroup } from './metric-group.ts';

/** What a planned request asks for: its metric group, and the days it covers (null where time does not matter). */
export type PlannedAsk = Omit<MetricGroup, 'span'> & { readonly window: Window | null };

/** A request that is ready to send, with what it asks for. */
export type PlannedRequest = {
	readonly method: 'GET';
	readonly host: Host;
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
	readonly asks: PlannedAsk;
};

/** Days of the range, both included, that are not asked for one metric, and why. */
export type LeftOut = {
	readonly metric: string;
	readonly since: Day;
	readonly until: Day;
} & (
	| {
			/** Meta keeps the metric from `oldest` on. For a total the whole range is left out, because a part of it is not the total. */
			readonly reason: 'outside-retention';
			readonly oldest: Day;
	  }
	/** Graph refuses the metric for the current day. */
	| { readonly reason: 'today-not-counted' }
	/** The day has not begun in California. */
	| { readonly reason: 'not-begun' }
);

/** The requests of a question, and the days they leave out. */
export type Plan = {
	/** Windows in time order; one-day totals newest day first. */
	readonly requests: readonly PlannedRequest[];
	/** In the order of the metrics. */
	readonly leftOut: readonly LeftOut[];
};

/** What a plan depends on besides the question. */
export type PlanContext = {
	readonly host: Host;
	/** The account to ask; the token's own (`me`) when left out, which only graph.instagram.com understands. */
	readonly accountId?: string | undefined;
	/** Widest window in seconds, if the host accepts less than the catalog says. */
	readonly maxWindowSeconds?: number | undefined;
	/** Decides which days are too old, current or in the future. Without it nothing is left out. */
	readonly now?: Date | undefined;
};

/**
 * The fewest requests that Graph accepts for a question about an account, and what they leave out. It sends and checks
 * nothing (`checkQuery` checks).
 *
 * @throws {RangeError} a day that does not exist, or `until` before `since`
 */
export function planRequests(query: AccountQuery, context: PlanContext): Plan {
	const metrics = query.kind === 'online-followers' ? ['online_followers'] : [...new Set(query.metrics)];
	const range = rangeOf(query);
	if (range === null) return { requests: planGroups(query, null, context), leftOut: [] };
	const leftOut: LeftOut[] = [];
	const byRange = new Map<string, { range: DayRange; metrics: string[] }>();
	for (const metric of metrics) {
		const askable = askableDays(metric, range, { ...context, whole: query.kind === 'account-totals' });
		leftOut.push(...askable.leftOut);
		if (askable.range === null) continue;
		const key = `${askable.range.since} ${askable.range.until}`;
		const known = byRange.get(key);
		if (known) known.metrics.push(metric);
		else byRange.set(key, { range: askable.range, metrics: [metric] });
	}
	const requests = [...byRange.values()].flatMap((part) =>
		planGroups(query.kind === 'online-followers' ? query : { ...query, metrics: part.metrics }, part.range, context),
	);
	return { requests, leftOut };
}

/** The oldest day that Meta keeps of an account metric. */
export function oldestDay(metric: string, { host, now }: { readonly host: Host; readonly now: Date }): Day {
	return addDays(pacificDay(now), -accountMetricLimits(metric, host).daysBack);
}

function rangeOf(query: AccountQuery): DayRange | null {
	if (query.kind === 'audience' || query.since === undefined || query.until === undefined) return null;
	return { since: query.since, until: query.until };
}

/** The days of a range that Graph answers for a metric (null: none), and the others. */
function askableDays(
	metric: string,
	range: DayRange,
	{ host, now, whole }: PlanContext & { readonly whole: boolean },
): { readonly range: DayRange | null; readonly leftOut: readonly LeftOut[] } {
	if (now === undefined || range.until < range.since) return { range, leftOut: [] };
	const today = pacificDay(now);
	const oldest = oldestDay(metric, { host, now });
	if (range.since < oldest && (whole || range.until < oldest)) {
		return { range: null, leftOut: [{ metric, ...range, reason: 'outside-retention', oldest }] };
	}
	const leftOut: LeftOut[] = [];
	let { since, until } = range;
	if (since < oldest) {
		leftOut.push({ metric, since, until: addDays(oldest, -1), reason: 'outside-retention', oldest });
		since = oldest;
	}
	if (until >= today && since <= today && accountMetricRow(metric)?.excludesToday) {
		leftOut.push({ metric, since: today, until: today, reason: 'today-not-counted' });
	}
	if (until > today) {
		leftOut.push({ metric, since: since > today ? since : addDays(today, 1), until, reason: 'not-begun' });
		until = today;
	}
	if (until === today && accountMetricRow(metric)?.excludesToday) until = addDays(today, -1);
	return { range: until < since ? null : { since, until }, leftOut };
}

function planGroups(query: AccountQuery, range: DayRange | null, context: PlanContext): PlannedRequest[] {
	return groupMetrics(query).flatMap(({ span, ...asks }) =>
		windowsOf(asks.metrics, span, { query, range, context }).map((window) => planOne({ ...asks, window }, context)),
	);
}

/** One request for one group of metrics over one window. */
export function planOne(asks: PlannedAsk, { host, accountId = 'me' }: PlanContext): PlannedRequest {
	const query: Record<string, string> = { metric: asks.metrics.join(','), period: asks.period };
	if (asks.metricType !== 'default') query.metric_type = asks.metricType;
	if (asks.breakdown.length > 0) query.breakdown = asks.breakdown.join(',');
	if (asks.timeframe !== null) query.timeframe = asks.timeframe;
	if (asks.window) {
		const { since, until } = windowSeconds(asks.window);
		query.since = String(since);
		query.until = String(until);
	}
	return { method: 'GET', host, path: `/${accountId}/insights`, query, asks };
}

const DAY_SECONDS = 86_400;

type Span = { readonly query: AccountQuery; readonly range: DayRange | null; readonly context: PlanContext };

function windowsOf(
	metrics: readonly string[],
	span: MetricGroup['span'],
	{ query, range, context }: Span,
): (Window | null)[] {
	if (span === 'none' || range === null) return [null];
	if (span === 'days') {
		const already = new Set(query.kind === 'account-daily' ? query.already : []);
		const days = listDays(range.since, range.until).filter((day) => !already.has(day));
		return days.reverse().map((day) => ({ since: day, until: day }));
	}
	const caps = metrics.flatMap((metric) => accountMetricLimits(metric, context.host).windowDays ?? []);
	const seconds = [...caps.map((days) => days * DAY_SECONDS), context.maxWindowSeconds ?? []].flat();
	return splitWindow(range, seconds.length === 0 ? null : Math.min(...seconds));
}
