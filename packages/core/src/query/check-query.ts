import type { QueryProblem } from '../insights-error.ts';
import { checkAccountMetrics } from './check-account-metrics.ts';
import { checkAccountBreakdowns, checkMediaBreakdown, checkTimeframe } from './check-breakdown.ts';
import { checkAccountDates, checkMediaDates, checkOnlineDates } from './check-dates.ts';
import { checkFields, checkLimit, checkMediaIds, checkProductTypes } from './check-media-list.ts';
import { checkMediaMetrics, MEDIA_EDGE_PRODUCTS } from './check-media-metrics.ts';
import type { InsightsQuery, QueryContext } from './insights-query.ts';

/**
 * Everything that is wrong with a question, found before anything is sent. An empty list means: ask.
 *
 * Each problem names the field, quotes the value, says in one sentence what is wrong and how to mend it, and, where
 * there is a good guess, what to write instead. Pure; `context.now` decides what is too old or in the future.
 */
export function checkQuery(query: InsightsQuery, context: QueryContext): QueryProblem[] {
	switch (query.kind) {
		case 'account-totals':
		case 'account-daily':
			return [
				...checkAccountMetrics(query, context),
				...checkAccountBreakdowns(query, context),
				...checkAccountDates(query, context),
			];
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
				...checkFields(query.fields, context),
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
				...checkFields(query.fields, context),
				...checkLimit(query.limit),
			];
		default:
			return query satisfies never;
	}
}
