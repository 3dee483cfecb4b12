import type { Confidence, SourceId } from './source.ts';

/** A name that the account endpoint lists though it belongs to another product. */
export type OutOfScopeMetricRow = {
	/** Why it is not offered, and where to look instead. */
	readonly reason: string;
	readonly confidence: Confidence;
	readonly sources: readonly SourceId[];
	readonly readOn: string;
};

const THREADS: OutOfScopeMetricRow = {
	reason: 'It counts on Threads, not on Instagram: the Threads API answers it.',
	confidence: 'medium',
	sources: ['S08'],
	readOn: '2026-06-24',
};

/** Account metric names known to Graph and left out on purpose. */
export const OUT_OF_SCOPE_METRICS: Readonly<Record<string, OutOfScopeMetricRow>> = {
	quotes: THREADS,
	threads_likes: THREADS,
	threads_replies: THREADS,
	threads_followers: THREADS,
	threads_follower_demographics: THREADS,
	threads_views: THREADS,
	threads_clicks: THREADS,
	threads_reposts: THREADS,
};

/** The row of a name left out on purpose; undefined for any other name. */
export function outOfScopeMetricRow(name: string): OutOfScopeMetricRow | undefined {
	return Object.hasOwn(OUT_OF_SCOPE_METRICS, name) ? OUT_OF_SCOPE_METRICS[name] : undefined;
}
