import type { Insight, Point } from '../../insight/insight.ts';
import type { AccountDailyQuery } from '../../query/insights-query.ts';
import { planRequests } from '../../query/plan-requests.ts';
import { absent } from '../absence.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { type AccountAnswer, lagNotes, leftOutNotes } from './account-answer.ts';
import { type DayAnswer, readAccountDays } from './account-days.ts';
import { emptyNotes } from './nothing-came.ts';

/**
 * The account day by day as one series a metric, in time order; a day without a number keeps its place with the reason.
 * A metric without any number is absent.
 *
 * @throws {InsightsError} `invalid-query` before anything is sent; else what narrowing cannot fix
 */
export async function askAccountDaily(
	query: AccountDailyQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): Promise<AccountAnswer> {
	const days: DayAnswer[] = [];
	for await (const day of readAccountDays(query, context, options)) days.push(day);
	days.reverse();
	const { host } = context.session;
	const now = context.session.now();
	const { leftOut } = planRequests(query, { host, now });
	const insights = [...new Set(query.metrics)].map((metric) => asSeries(metric, days));
	return {
		accountId:
			days.map(({ accountId }) => accountId).find((id) => id !== null) ?? (await context.accountId(options.signal)),
		since: query.since,
		until: query.until,
		insights,
		windows: [],
		notes: [
			...leftOutNotes(leftOut),
			...lagNotes(query.until, now),
			...(days.every(({ raw }) => raw.length === 0) ? [] : await emptyNotes(insights, context, options)),
		],
		raw: days.flatMap(({ raw }) => raw),
	};
}

function asSeries(metric: string, days: readonly DayAnswer[]): Insight {
	const found = days.flatMap(({ date, endTime, insights }) => {
		const insight = insights.find((one) => one.metric === metric);
		return insight ? [{ date, endTime, insight }] : [];
	});
	const [first] = found;
	if (first && found.every(({ insight }) => insight.shape === 'absent' && sameAbsence(insight, first.insight))) {
		return first.insight;
	}
	if (!first) return absent(metric, { reason: 'no-data' });
	const points = found.map(({ date, endTime, insight }): Point => {
		if (insight.shape === 'total') return { date, endTime, value: insight.value };
		if (insight.shape !== 'absent') return { date, endTime, value: null, reason: 'no-data' };
		const { reason, message } = insight;
		return { date, endTime, value: null, reason, ...(message === undefined ? {} : { message }) };
	});
	return { shape: 'series', metric, points };
}

function sameAbsence(one: Insight, other: Insight): boolean {
	return one.shape === 'absent' && other.shape === 'absent' && one.reason === other.reason;
}
