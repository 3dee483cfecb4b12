import type { QueryProblem } from '../insights-error.ts';
import { checkAccountMetrics } from './check-account-metrics.ts';
import {
	checkAccountBreakdowns,
	checkMediaBreakdown,
	checkPeriod,
	checkSplit,
	checkTimeframe,
} from './check-breakdown.ts';
import { checkCompare } from './check-compare.ts';
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
import type { InsightsQuery, QueryContext } from './insights-query.ts';
import { either, nearestName, problem } from './query-problem.ts';

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
				...checkMediaFields(query.fields, context),
				...checkLimit(query.limit),
			];
		default:
			return unknownKind(query satisfies never);
	}
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
