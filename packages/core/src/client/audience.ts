import type { AudienceQuery, OnlineFollowersQuery } from '../query/insights-query.ts';
import type { AccountAnswer } from './account-answer.ts';
import { accountOf, askWindows } from './ask-windows.ts';
import { assertAskable, type ClientContext, type QuestionOptions } from './client-context.ts';
import { emptyNotes } from './notes.ts';

/**
 * Who follows, was reached or reacted: one list of buckets a metric and breakdown, at most 45 each, largest first.
 * Accounts under Meta's minimum (100 followers, or 100 engagements) get `no-data`.
 *
 * @throws {InsightsError} `invalid-query` before anything is sent; else what narrowing cannot mend
 */
export async function askAudience(
	query: AudienceQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): Promise<AccountAnswer> {
	assertAskable(query, context);
	const answers = await askWindows(query, context, options);
	const found = answers.flatMap((answer) => answer.insights);
	const insights = [...new Set(query.metrics)].flatMap((metric) =>
		found.filter((insight) => insight.metric === metric),
	);
	return {
		accountId: await accountOf(answers, context, options),
		insights,
		windows: [],
		notes: emptyNotes(insights, context.session.host),
		raw: answers.flatMap(({ raw }) => raw),
	};
}

/**
 * How many followers were online in each hour, day by day. Often empty in 2026, then absent; Meta does not say which
 * zone the hours are in.
 *
 * @throws {InsightsError} `invalid-query` before anything is sent; else what narrowing cannot mend
 */
export async function askOnlineFollowers(
	query: OnlineFollowersQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): Promise<AccountAnswer> {
	assertAskable(query, context);
	const answers = await askWindows(query, context, options);
	return {
		accountId: await accountOf(answers, context, options),
		...(query.since === undefined ? {} : { since: query.since }),
		...(query.until === undefined ? {} : { until: query.until }),
		insights: answers.flatMap(({ insights }) => insights),
		windows: [],
		notes: [],
		raw: answers.flatMap(({ raw }) => raw),
	};
}
