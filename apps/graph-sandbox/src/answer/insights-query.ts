import { HOSTS, type HostName } from '../world/host.ts';
import { addDays, daysBetween, daysFrom, pacificDay, startOfDay } from '../world/pacific-day.ts';
import { invalidParameter } from './refusals.ts';

/** The parameters of an insights edge, read but not yet checked. */
export type InsightsQuery = {
	readonly metrics: readonly string[];
	readonly period: string | null;
	readonly metricType: string | null;
	readonly breakdowns: readonly string[];
	readonly timeframe: string | null;
	readonly since: string | null;
	readonly until: string | null;
};

/** @throws {GraphRefusal} no metric named */
export function readInsightsQuery(params: Readonly<Record<string, string>>): InsightsQuery {
	const metrics = list(params.metric);
	if (metrics.length === 0) throw invalidParameter('The parameter metric is required');
	return {
		metrics,
		// A list for Meta's SDKs, which send `["day"]`.
		period: params.period === undefined ? null : list(params.period).join(','),
		metricType: params.metric_type ?? null,
		breakdowns: list(params.breakdown),
		timeframe: params.timeframe ?? null,
		since: params.since ?? null,
		until: params.until ?? null,
	};
}

/** A comma list, or the JSON array Meta also takes: `["reach","views"]`. */
export function list(text: string | undefined): string[] {
	if (text === undefined) return [];
	return text
		.replace(/^\[|\]$/g, '')
		.split(',')
		.map((item) => item.trim().replace(/^"|"$/g, ''))
		.filter((item) => item !== '');
}

/** The days an account question is about: Pacific days, `until` excluded. */
export type InsightsWindow = { readonly since: string; readonly until: string; readonly days: readonly string[] };

/**
 * Read `since` and `until` as Meta does: unix seconds, or a date in Los Angeles; both snapped to the Pacific day they fall in;
 * the last complete day when absent.
 *
 * @throws {GraphRefusal} unreadable, in the future, older or longer than the host allows, or backwards
 */
export function readWindow(host: HostName, since: string | null, until: string | null, now: Date): InsightsWindow {
	const today = pacificDay(now);
	const untilSeconds = until === null ? defaultUntil(since, now, today) : readInstant('until', until);
	const sinceSeconds =
		since === null
			? startOfDay(addDays(pacificDay(new Date(untilSeconds * 1000)), -1)) / 1000
			: readInstant('since', since);
	const firstDay = pacificDay(new Date(sinceSeconds * 1000));
	if (daysBetween(firstDay, today) > HOSTS[host].oldestDays || firstDay > today) {
		throw invalidParameter('since param is not valid. Metrics data is available for the last 2 years');
	}
	if (untilSeconds <= sinceSeconds) throw invalidParameter('The since param must be before the until param');
	const widest = HOSTS[host].maxWindowSeconds;
	if (widest !== null && untilSeconds - sinceSeconds > widest) {
		throw invalidParameter(`There cannot be more than ${widest / 86_400} days (${widest} s) between since and until`);
	}
	const lastDay = pacificDay(new Date(untilSeconds * 1000));
	return { since: firstDay, until: lastDay, days: daysFrom(firstDay, lastDay) };
}

/** A metric that is kept for some days only: older days refuse the whole call. */
export function requireLastDays(daysBack: number, window: InsightsWindow, metric: string, now: Date): void {
	if (daysBetween(window.since, pacificDay(now)) > daysBack) {
		throw invalidParameter(
			`(${metric}) metric only supports querying data for the last ${daysBack} days excluding the current day`,
		);
	}
}

function defaultUntil(since: string | null, now: Date, today: string): number {
	return since === null ? startOfDay(today) / 1000 : Math.floor(now.getTime() / 1000);
}

function readInstant(name: string, text: string): number {
	if (/^\d{1,12}$/.test(text)) return Number(text);
	if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return startOfDay(text) / 1000;
	const instant = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
	if (Number.isNaN(instant)) throw invalidParameter(`Param ${name} must be a valid datetime`);
	return Math.floor(instant / 1000);
}
