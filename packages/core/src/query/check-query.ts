import { accountMetricRow } from '../catalog/account-metric.ts';
import type { QueryProblem } from '../insights-error.ts';
import { addDays, countDays } from './calendar-day.ts';
import { checkAccountMetrics } from './check-account-metrics.ts';
import { checkAccountBreakdowns, checkMediaBreakdown, checkTimeframe } from './check-breakdown.ts';
import { checkAccountDates, checkMediaDates, checkOnlineDates } from './check-dates.ts';
import { checkMediaFields, checkProfileFields } from './check-fields.ts';
import { checkLimit, checkMediaIds, checkProductTypes } from './check-media-list.ts';
import { checkMediaMetrics, MEDIA_EDGE_PRODUCTS } from './check-media-metrics.ts';
import { checkShapes } from './check-shapes.ts';
import { precedingRange } from './date-range.ts';
import {
	type AccountCompareQuery,
	type BreakdownChoices,
	type InsightsQuery,
	type QueryContext,
	readBreakdowns,
} from './insights-query.ts';
import { nearestName } from './nearest-name.ts';
import { either, problem } from './query-problem.ts';

/**
 * Everything that is wrong with a question, found before anything is sent. An empty list means: ask.
 *
 * Each problem names the field, quotes the value, says in one sentence what is wrong and how to mend it, and, where
 * there is a good guess, what to write instead. Pure; `context.now` decides what is too old or in the future.
 */
export function checkQuery(asked: InsightsQuery, context: QueryContext): QueryProblem[] {
	if (typeof asked !== 'object' || asked === null || !KINDS.includes(asked.kind)) return unknownKind(asked ?? {});
	const query = withLists(asked);
	const shapes = checkShapes(query);
	if (shapes.length > 0) return shapes;
	switch (query.kind) {
		case 'account-totals':
		case 'account-daily':
			return [
				...checkAccountMetrics(query, context),
				...checkAccountBreakdowns(query, context),
				...checkAccountDates(query, context),
			];
		case 'account-compare':
			return checkCompare(query, context);
		case 'profile':
			return checkProfileFields(query.fields, context);
		case 'audience':
			return [
				...checkAccountMetrics(query, context),
				...checkAccountBreakdowns(query, context),
				...checkTimeframe(query, context),
			];
		case 'online-followers':
			return checkOnlineDates(query, context);
		case 'media-list':
			return [
				...checkMediaMetrics(query.metrics ?? [], query.productTypes ?? MEDIA_EDGE_PRODUCTS, context),
				...checkMediaFields(query.fields, context),
				...checkProductTypes(query.productTypes),
				...checkMediaDates(query, context),
				...checkLimit(query.limit),
			];
		case 'media-insights':
			return [
				...checkMediaIds(query.mediaIds),
				...checkMediaMetrics(query.metrics, ['FEED', 'REELS', 'STORY', 'AD'], context, { atLeastOne: true }),
				...checkMediaBreakdown(query.metrics, query.breakdown),
			];
		case 'story-list':
			return [
				...checkMediaMetrics(query.metrics ?? [], ['STORY'], context),
				...checkMediaFields(query.fields, context),
				...checkLimit(query.limit),
			];
		default:
			return unknownKind(query satisfies never);
	}
}

/** Problems of both periods; those of the period before say so, for it is not the caller's own words. */
function checkCompare(query: AccountCompareQuery, context: QueryContext): QueryProblem[] {
	const totals = { ...query, kind: 'account-totals' } as const;
	const problems = [
		...checkAccountMetrics(totals, context),
		...checkComparable(query),
		...checkAccountDates(totals, context),
	];
	const { since, until } = query;
	const canCount = !problems.some(({ field }) => field === 'since' || field === 'until');
	if (!canCount) return problems;
	const before = precedingRange(query, countDays(since, until));
	const earlier = checkAccountDates({ ...totals, ...before }, context).map(({ message, ...problem }) => {
		const oldest = problem.suggestion;
		// Two periods of equal length, the later of which ends with `until`, have room for half of the days each.
		const half = oldest === undefined ? 0 : Math.floor((countDays(oldest, until) - 2) / 2);
		const suggestion = half > 0 ? addDays(until, -half) : undefined;
		return {
			...problem,
			value: since,
			...(suggestion ? { suggestion } : {}),
			message: `The period before (${before.since} to ${before.until}): ${message}`,
		};
	});
	return [...problems, ...earlier];
}

/** A comparison sets one number beside another: it has no buckets, and no place for metrics that have nothing else. */
function checkComparable(query: AccountCompareQuery): QueryProblem[] {
	if ('breakdown' in query && readBreakdowns(query.breakdown as BreakdownChoices).length > 0) {
		const message = 'A comparison takes no breakdown. Ask for the totals of both periods with it.';
		return [problem('breakdown', 'unsupported-breakdown', message, { suggestion: 'account-totals' })];
	}
	return [...new Set(query.metrics)].flatMap((metric) => {
		if (!accountMetricRow(metric)?.requiresBreakdown || accountMetricRow(metric)?.periods.includes('lifetime'))
			return [];
		const message = `"${metric}" has no value of its own to compare, only buckets: ask for the totals of both periods with a breakdown.`;
		return [problem('metrics', 'metric-elsewhere', message, { value: metric, suggestion: 'account-totals' })];
	});
}

/** The question with an empty list where plain JavaScript gave none: nothing named is a problem, not a fault. */
function withLists(query: InsightsQuery): InsightsQuery {
	switch (query.kind) {
		case 'account-totals':
		case 'account-daily':
		case 'account-compare':
		case 'audience':
			return { ...query, metrics: listOf(query.metrics) };
		case 'media-insights':
			return { ...query, metrics: listOf(query.metrics), mediaIds: listOf(query.mediaIds) };
		default:
			return query;
	}
}

function listOf(names: readonly string[] | null | undefined): readonly string[] {
	return names ?? [];
}

const KINDS = [
	'account-totals',
	'account-daily',
	'account-compare',
	'audience',
	'online-followers',
	'profile',
	'media-list',
	'media-insights',
	'story-list',
] as const satisfies readonly InsightsQuery['kind'][];

/** A question of no kind, as one from plain JavaScript may be. */
function unknownKind({ kind }: { readonly kind?: unknown }): QueryProblem[] {
	const value = String(kind);
	const suggestion = nearestName(value, KINDS);
	const way = suggestion ? `Did you mean "${suggestion}"?` : `Choose ${either(KINDS)}.`;
	return [problem('kind', 'unknown-kind', `"${value}" is not a kind of question. ${way}`, { value, suggestion })];
}
