/**
 * Read Instagram insights: connect with a token, ask, turn answers into rows.
 *
 * Every name here is API and is listed in `test/public-face.test.ts`. `internal.ts` has what else the n8n nodes and the relay use.
 *
 * @module @instagram-insights/core
 */

// Ask Instagram.

export { createInsightsClient, type InsightsClient, type InsightsClientOptions } from './client/insights-client.ts';
export type { Clock, Transport } from './client/ports.ts';
export { type Connection, type ConnectOptions, connect } from './connect.ts';

// Questions.

export { checkQuery } from './query/check-query.ts';
export {
	type CompareWith,
	comparedRange,
	DATE_RANGE_PRESETS,
	type DateRangePreset,
	type DayRange,
	resolveDateRange,
} from './query/date-range.ts';
export type { InsightsQuery } from './query/insights-query.ts';

// Answers.

export type { AccountAnswer } from './client/account/account-answer.ts';
export type { Profile } from './client/account/profile.ts';
export type { MediaItem, MediaPage, MediaReading } from './client/media/media-item.ts';
export type { OtherAccount } from './client/other-account.ts';
export type { ReachableAccount } from './graph/accounts-answer.ts';
export type { MediaFields } from './graph/media-answer.ts';
export type { AbsentReason, Bucket, Insight, Row } from './insight/insight.ts';
export { toRows } from './insight/to-rows.ts';

// Computed from answers.

export { type BestTime, bestTimes, rankBestTimes } from './insight/best-times.ts';
export { type Comparison, comparePosts, type PostComparison } from './insight/compare-posts.ts';
export { compareWithMedian, computeMetrics } from './insight/compute-metrics.ts';
export { postingHabits } from './insight/posting-habits.ts';
export { rankBy } from './insight/rank.ts';
export type { Report, ReportContent } from './report/report-data.ts';
export { writeReport } from './report/write-report.ts';

// Errors.

export { InsightsError, type InsightsErrorKind, isInsightsError, type QueryProblem } from './insights-error.ts';

// Tokens and subscriptions.

export { createAccountSubscription, createAppSubscriptions } from './client/subscriptions.ts';
export { createTokenClient, refreshDue, type TokenClient, type TokenClientOptions } from './client/tokens.ts';

// Facts, each row with its source and date.

export { ACCOUNT_METRICS } from './catalog/account-metric.ts';
export { BREAKDOWNS } from './catalog/breakdown.ts';
export { COMPUTED_ACCOUNT_METRICS, COMPUTED_MEDIA_METRICS } from './catalog/computed-metric.ts';
export { HOSTS, type Host, hostOfToken } from './catalog/host.ts';
export { MEDIA_METRICS } from './catalog/media-metric.ts';
export { WEBHOOK_FIELDS } from './catalog/webhook-field.ts';
