import { absent, type Insight } from '../../insight/insight.ts';
import { type Day, listDays } from '../../query/calendar-day.ts';
import type { AudienceQuery, OnlineFollowersQuery } from '../../query/insights-query.ts';
import { assertAskable, type ClientContext, type QuestionOptions } from '../client-context.ts';
import { emptyNotes } from '../nothing-came.ts';
import { type AccountAnswer, lagNotes, leftOutNotes } from './account-answer.ts';
import { closingInstant } from './account-days.ts';
import { accountOf, askWindows, throwIfRefused } from './ask-windows.ts';

/**
 * Who follows, was reached or reacted: one list of buckets per metric and breakdown, at most 45 each, largest first.
 * Where Meta's minimum is not reached (100 people), the metric has `no-data` or `too-few-followers`.
 *
 * @throws {InsightsError} `invalid-query` before anything is sent; else what narrowing cannot fix
 */
export async function askAudience(
	query: AudienceQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): Promise<AccountAnswer> {
	assertAskable(query, context);
	const { answers } = await askWindows(query, context, options);
	throwIfRefused(answers);
	const found = answers.flatMap((answer) => answer.insights);
	const insights = [...new Set(query.metrics)].flatMap((metric) =>
		found.filter((insight) => insight.metric === metric),
	);
	return {
		accountId: await accountOf(answers, context, options),
		insights,
		windows: [],
		notes: await emptyNotes(insights, context, options),
		raw: answers.flatMap(({ raw }) => raw),
	};
}

/**
 * How many followers were online in each hour, day by day. Often empty in 2026, then absent. The catalog says which zone the
 * hours are in (`hourZone`: not known). Every day of the range is listed; its `hours` are empty if Meta gave none.
 *
 * @throws {InsightsError} `invalid-query` before anything is sent; else what narrowing cannot fix
 */
export async function askOnlineFollowers(
	query: OnlineFollowersQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): Promise<AccountAnswer> {
	assertAskable(query, context);
	const { answers, leftOut } = await askWindows(query, context, options);
	throwIfRefused(answers);
	const { since, until } = query;
	const found = answers.flatMap(({ insights }) => insights);
	const whole = since !== undefined && until !== undefined;
	const insights = whole ? [everyDay(found, listDays(since, until))] : found;
	return {
		accountId: await accountOf(answers, context, options),
		...(since === undefined ? {} : { since }),
		...(until === undefined ? {} : { until }),
		insights,
		windows: [],
		notes: [
			...leftOutNotes(leftOut),
			...lagNotes(until, context.session.now()),
			...(answers.length === 0 ? [] : await emptyNotes(insights, context, options)),
		],
		raw: answers.flatMap(({ raw }) => raw),
	};
}

/** One insight from those of all windows; the reason if there are no hours at all. */
function everyDay(found: readonly Insight[], days: readonly Day[]): Insight {
	const metric = 'online_followers';
	const points = found.flatMap((insight) => (insight.shape === 'hours' ? insight.points : []));
	if (points.length === 0) return found[0] ?? absent(metric, { reason: 'no-data' });
	const known = new Map(points.map((point) => [point.date, point]));
	return {
		shape: 'hours',
		metric,
		points: days.map((date) => known.get(date) ?? { date, endTime: closingInstant(date), hours: [] }),
	};
}
