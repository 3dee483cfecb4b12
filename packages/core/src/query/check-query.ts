import { accountMetricRow } from '../catalog/account-metric.ts';
import { nearestName } from '../catalog/nearest-name.ts';
import type { QueryProblem } from '../insights-error.ts';
import { addDays, countDays } from './calendar-day.ts';
import { checkAccountMetrics } from './check-account-metrics.ts';
import {
	checkAccountBreakdowns,
	checkMediaBreakdown,
	checkPeriod,
	checkSplit,
	checkTimeframe,
} from './check-breakdown.ts';
import { checkAccountDates, checkMediaDates, checkOnlineDates, checkTimeZone } from './check-dates.ts';
import {
	checkLimit,
	checkMediaFields,
	checkMediaIds,
	checkProfileFields,
	checkShapes,
	checkUserEdge,
} from './check-forms.ts';
import { checkMediaMetrics, checkProductTypes, MEDIA_EDGE_PRODUCTS } from './check-media.ts';
import { COMPARE_WITH, comparedRange } from './date-range.ts';
import {
	type AccountCompareQuery,
	type BreakdownChoices,
	type InsightsQuery,
	type QueryContext,
	readBreakdowns,
} from './insights-query.ts';
import { either, problem } from './query-problem.ts';

/**
 * Check a question and return everything that is wrong with it, without sending anything. An empty list means that it can be sent.
 *
 * Each problem names the field, quotes the value, says what is wrong and how to fix it, and, if
 * there is a good guess, suggests what to write instead. `context.now` decides what is too old or in the future.
 */
export function checkQuery(asked: InsightsQuery, context: QueryContext): QueryProblem[] {
	if (typeof asked !== 'object' || asked === null || !KINDS.includes(asked.kind)) return unknownKind(asked ?? {});
	const query = withLists(asked);
	const shapes = [...checkTimeZone(context), ...checkShapes(query)];
	if (shapes.length > 0) return shapes;
	switch (query.kind) {
		case 'account-totals':
		case 'account-daily':
			return [
				...checkAccountMetrics(query, context),
				...checkAccountBreakdowns(query, context),
				...(query.kind === 'account-daily' ? checkPeriod(query, context) : []),
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
				...checkSplit(query.split),
			];
		case 'story-list':
			return [
				...checkMediaMetrics(query.metrics ?? [], ['STORY'], context),
				...checkSplit(query.split),
				...checkMediaFields(query.fields, context),
				...checkLimit(query.limit),
			];
		case 'others-media':
			return [
				...checkUserEdge(query.edge, context),
				...checkMediaFields(query.fields, context, 'media of others'),
				...checkLimit(query.limit),
			];
		default:
			return unknownKind(query satisfies never);
	}
}

/** Problems of both periods. Those of the period before say so, because the caller did not name its days. */
function checkCompare(query: AccountCompareQuery, context: QueryContext): QueryProblem[] {
	const totals = { ...query, kind: 'account-totals' } as const;
	const problems = [
		...checkAccountMetrics(totals, context),
		...checkComparable(query),
		...checkCompareWith(query),
		...checkAccountDates(totals, context),
	];
	const { since, until, compareWith = 'previousPeriod' } = query;
	const canCount = !problems.some(({ field }) => ['since', 'until', 'compareWith'].includes(field));
	if (!canCount) return problems;
	const before = comparedRange(query, compareWith);
	const earlier = checkAccountDates({ ...totals, ...before }, context).map(({ message, ...problem }) => {
		const oldest = problem.suggestion;
		// Two periods of equal length that end with `until` can each have half of the days.
		const canHalve = oldest !== undefined && compareWith === 'previousPeriod';
		const half = canHalve ? Math.floor((countDays(oldest, until) - 2) / 2) : 0;
		const suggestion = half > 0 ? addDays(until, -half) : undefined;
		return {
			...problem,
			value: since,
			...(suggestion ? { suggestion } : {}),
			message: `The period to compare with (${before.since} to ${before.until}): ${message}`,
		};
	});
	return [...problems, ...earlier];
}

/** A comparison is between two numbers: it has no buckets, so metrics that only have buckets cannot be compared. */
function checkComparable(query: AccountCompareQuery): QueryProblem[] {
	if ('breakdown' in query && readBreakdowns(query.breakdown as BreakdownChoices).length > 0) {
		const message = 'A comparison cannot have a breakdown. Ask for the totals of both periods with the breakdown.';
		return [problem('breakdown', 'unsupported-breakdown', message, { suggestion: 'account-totals' })];
	}
	return [...new Set(query.metrics)].flatMap((metric) => {
		if (!accountMetricRow(metric)?.requiresBreakdown || accountMetricRow(metric)?.periods.includes('lifetime'))
			return [];
		const message = `"${metric}" has no value of its own to compare, only buckets: ask for the totals of both periods with a breakdown.`;
		return [problem('metrics', 'metric-elsewhere', message, { value: metric, suggestion: 'account-totals' })];
	});
}

function checkCompareWith({ compareWith }: AccountCompareQuery): QueryProblem[] {
	if (compareWith === undefined || COMPARE_WITH.includes(compareWith)) return [];
	const message = `"${compareWith}" is not a period to compare with. Choose ${either(COMPARE_WITH)}.`;
	return [problem('compareWith', 'unknown-comparison', message, { value: String(compareWith) })];
}

/** The question with an empty list in place of a missing one, which is then reported as a problem. */
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
	'others-media',
] as const satisfies readonly InsightsQuery['kind'][];

/** A question without a known kind, as plain JavaScript allows. */
function unknownKind({ kind }: { readonly kind?: unknown }): QueryProblem[] {
	const value = typeof kind === 'string' ? kind : JSON.stringify(kind);
	const suggestion = value === undefined ? undefined : nearestName(value, KINDS);
	const what = value === undefined ? 'The question has no kind.' : `"${value}" is not a kind of question.`;
	const way = suggestion ? `Did you mean "${suggestion}"?` : `Choose ${either(KINDS)}.`;
	return [problem('kind', 'unknown-kind', `${what} ${way}`, { value, suggestion })];
}
