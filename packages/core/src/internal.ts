// Everything the other packages of this repository use: not API, it changes without notice. Reaches neither undici nor timers, so that
// the n8n nodes can bundle it.

// FACTS: what Meta has, with source and date.

export * from './catalog/account-metric.ts';
export * from './catalog/breakdown.ts';
export * from './catalog/computed-metric.ts';
export * from './catalog/graph-error-code.ts';
export * from './catalog/graph-version.ts';
export * from './catalog/host.ts';
export * from './catalog/limit.ts';
export * from './catalog/media-metric.ts';
export * from './catalog/metric-row.ts';
export * from './catalog/nearest-name.ts';
export * from './catalog/product-type.ts';
export * from './catalog/retired-metric.ts';
export * from './catalog/source.ts';
export * from './catalog/webhook-field.ts';

// THE ONE ERROR

export * from './insights-error.ts';

export { redact } from './redact.ts';

// QUESTION: what can be asked, what is wrong with a question, and the requests it needs.

export * from './query/calendar-day.ts';
export * from './query/check-computed.ts';
export { checkDay } from './query/check-dates.ts';
export { memberOf } from './query/check-forms.ts';
export * from './query/check-query.ts';
export * from './query/date-range.ts';
export * from './query/insights-query.ts';
export * from './query/metric-group.ts';
export * from './query/plan-media-metrics.ts';
export * from './query/plan-requests.ts';
export * from './query/query-problem.ts';

// WIRE: what travels, and how answers and refusals are read.

export * from './graph/accounts-answer.ts';
export * from './graph/error-answer.ts';
export * from './graph/graph-request.ts';
export * from './graph/insights-answer.ts';
export * from './graph/media-answer.ts';
export * from './graph/parse-json.ts';
export * from './graph/read-answer.ts';
export * from './graph/token-answer.ts';
export * from './graph/usage-header.ts';

// MEANING: what an answer says.

export * from './insight/best-times.ts';
export * from './insight/compare-posts.ts';
export * from './insight/compute-metrics.ts';
export * from './insight/insight.ts';
export * from './insight/posting-habits.ts';
export * from './insight/rank.ts';
export * from './insight/read-insights.ts';
export * from './insight/to-rows.ts';

// REPORT: a page of rows that were read before.

export * from './report/report-data.ts';
export { writeReport } from './report/write-report.ts';

// DOING: asks, repeats, waits and narrows, through a transport and a clock that the caller brings.

export * from './client/account/account-answer.ts';
export { firstLaggingDay } from './client/account/account-answer.ts';
export type { DayAnswer } from './client/account/account-days.ts';
export { type ListedAccount, noAccountReached } from './client/account/accounts.ts';
export { readComputedTotals, readFollowersNow } from './client/account/computed-totals.ts';
export { PROFILE_FIELDS, type Profile } from './client/account/profile.ts';
export type { QuestionOptions } from './client/client-context.ts';
export * from './client/insights-client.ts';
export type { MediaItem, MediaPage, MediaReading } from './client/media/media-item.ts';
export { type OtherAccount, type OtherMediaPage, type OtherMediaQuery, readUsername } from './client/other-account.ts';
export * from './client/ports.ts';
export { BatchAnswer, concernsAll } from './client/session/batch.ts';
export { withBatching } from './client/session/batching-transport.ts';
export * from './client/session/retry-policy.ts';
export type { RequestInfo } from './client/session/session.ts';
export * from './client/subscriptions.ts';
export * from './client/tokens.ts';

// WEBHOOK CONTRACT

export { parseExactJson } from './exact-json.ts';
export * from './webhook/index.ts';
