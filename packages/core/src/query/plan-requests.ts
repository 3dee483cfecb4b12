import { HOSTS, type Host } from '../catalog/host.ts';
import { addDays, type Day, listDays } from './calendar-day.ts';
import type { AccountQuery } from './insights-query.ts';
import { groupMetrics, type MetricGroup } from './metric-group.ts';
import { oldestDayOf, reachesBeyond } from './metric-reach.ts';
import { pacificDay } from './pacific-day.ts';
import { splitWindow, type Window, windowSeconds } from './split-window.ts';

const DAY_SECONDS = 86_400;

/** What a planned request asks for: its metric group, and the days it covers (null where time does not matter). */
export type PlannedAsk = Omit<MetricGroup, 'span' | 'maxDays' | 'excludesToday'> & { readonly window: Window | null };

/** A request as Graph takes it, with what it asks for beside it. It can be sent as it stands. */
export type PlannedRequest = {
	readonly method: 'GET';
	readonly host: Host;
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
	readonly asks: PlannedAsk;
};

/** What a plan depends on besides the question. */
export type PlanContext = {
	readonly host: Host;
	/** The account to ask; the token's own (`me`) when left out, which only graph.instagram.com understands. */
	readonly accountId?: string | undefined;
	/** Widest window in seconds; the host's own cap when left out, null for none. */
	readonly maxWindowSeconds?: number | null | undefined;
	/**
	 * Today is known by it: metrics that Graph refuses for today are asked up to yesterday, a daily series from the first
	 * day that Meta still keeps, and no total of days that Meta keeps no longer.
	 */
	readonly now?: Date | undefined;
};

/**
 * The fewest requests that Graph accepts for a question about an account. Pure: nothing is sent, nothing is checked
 * (`checkQuery` does that before).
 *
 * Windows come in time order; one-day totals come newest day first.
 *
 * @throws {RangeError} a day that does not exist, or `until` before `since`
 */
export function planRequests(query: AccountQuery, context: PlanContext): PlannedRequest[] {
	return groupMetrics(withinReach(query, context)).flatMap((group) =>
		windowsOf(group, query, context).map((window) => {
			const { span: _span, maxDays: _maxDays, excludesToday: _excludesToday, ...asks } = group;
			return planOne({ ...asks, window }, context);
		}),
	);
}

/** The question without the metrics whose total would need days that Meta keeps no longer: a part of it is not the total. */
function withinReach(query: AccountQuery, { now }: PlanContext): AccountQuery {
	if (query.kind !== 'account-totals' || now === undefined) return query;
	return { ...query, metrics: query.metrics.filter((metric) => !reachesBeyond(metric, query.since, now)) };
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

/** The widest window the host is known to take, in seconds; null where none was ever seen. */
export function hostWindowSeconds(host: Host): number | null {
	const { maxWindowDays } = HOSTS[host];
	return maxWindowDays === null ? null : maxWindowDays * DAY_SECONDS;
}

function beforeToday(until: Day, now: Date | undefined): Day {
	if (now === undefined) return until;
	const today = pacificDay(now);
	return until < today ? until : addDays(today, -1);
}

/** One day too old makes Graph refuse the whole series, so it begins on the first day that is kept. */
function notBefore(since: Day, { metrics }: MetricGroup, now: Date | undefined): Day {
	if (now === undefined) return since;
	return metrics.reduce((day, metric) => {
		const oldest = oldestDayOf(metric, now);
		return oldest !== null && oldest > day ? oldest : day;
	}, since);
}

function windowsOf(group: MetricGroup, query: AccountQuery, context: PlanContext): (Window | null)[] {
	if (group.span === 'none' || query.kind === 'audience') return [null];
	if (query.since === undefined || query.until === undefined) return [null];
	const since = query.kind === 'account-daily' ? notBefore(query.since, group, context.now) : query.since;
	const until = group.excludesToday ? beforeToday(query.until, context.now) : query.until;
	if (until < since && (until < query.until || since > query.since)) return [];
	if (group.span === 'days') {
		const already = new Set(query.kind === 'account-daily' ? query.already : []);
		const days = listDays(since, until).filter((day) => !already.has(day));
		return days.reverse().map((day) => ({ since: day, until: day }));
	}
	const hostCap = context.maxWindowSeconds === undefined ? hostWindowSeconds(context.host) : context.maxWindowSeconds;
	const ownCap = group.maxDays === null ? null : group.maxDays * DAY_SECONDS;
	const cap = hostCap === null ? ownCap : ownCap === null ? hostCap : Math.min(hostCap, ownCap);
	return splitWindow({ since, until }, cap);
}
