import type { Insight } from '../../insight/insight.ts';
import { pacificDay } from '../../query/calendar-day.ts';
import type { AccountTotalsQuery } from '../../query/insights-query.ts';
import type { LeftOut } from '../../query/plan-requests.ts';
import { absenceOfLeftOut, absent } from '../absence.ts';
import { assertAskable, type ClientContext, type QuestionOptions } from '../client-context.ts';
import {
	type AccountAnswer,
	firstLaggingDay,
	lagNotes,
	leftOutNotes,
	type Note,
	type WindowAnswer,
} from './account-answer.ts';
import type { GroupAnswer } from './ask-group.ts';
import { accountOf, askWindows, throwIfRefused } from './ask-windows.ts';
import { joinWindows, type WindowInsight } from './join-windows.ts';
import { emptyNotes } from './nothing-came.ts';

/**
 * Totals of the account over a range: one number or one list of buckets a metric, and the same by window.
 *
 * @param options `complete`: days that are over and that Meta has not yet counted leave the range without a number
 * @throws {InsightsError} `invalid-query` before anything is sent; else what narrowing cannot fix
 */
export async function askAccountTotals(
	query: AccountTotalsQuery,
	context: ClientContext,
	options: QuestionOptions & { readonly complete?: boolean } = {},
): Promise<AccountAnswer> {
	assertAskable(query, context);
	const now = context.session.now();
	const { answers, leftOut } = await askWindows(query, context, options);
	throwIfRefused(answers);
	const dataMayLack = options.complete ? pacificDay(now) : firstLaggingDay(now);
	const mayLack = (window: { since: string }) => window.since >= dataMayLack;
	const insights = joinGroups(answers, query, leftOut, mayLack);
	return {
		accountId: await accountOf(answers, context, options),
		since: query.since,
		until: query.until,
		insights,
		windows: byWindow(answers),
		notes: [
			...notesOf(answers, insights),
			...leftOutNotes(leftOut),
			...lagNotes(query.until, now),
			...(answers.length === 0 ? [] : await emptyNotes(insights, context, options)),
		],
		raw: answers.flatMap(({ raw }) => raw),
	};
}

/** One insight a metric and breakdown for the whole range, in the order asked. */
function joinGroups(
	answers: readonly GroupAnswer[],
	query: AccountTotalsQuery,
	leftOut: readonly LeftOut[],
	mayLack: (window: { since: string; until: string }) => boolean,
): Insight[] {
	const parts = new Map<string, Map<string, WindowInsight[]>>();
	for (const { asks, insights } of answers) {
		if (!asks.window) continue;
		for (const insight of insights) {
			const ofMetric = parts.get(insight.metric) ?? new Map<string, WindowInsight[]>();
			parts.set(insight.metric, ofMetric);
			const key = asks.breakdown.join();
			ofMetric.set(key, [...(ofMetric.get(key) ?? []), { ...asks.window, insight }]);
		}
	}
	return [...new Set(query.metrics)].flatMap((metric) => {
		const ofMetric = parts.get(metric);
		const missing = leftOut.find((one) => one.metric === metric);
		if (!ofMetric) return [absent(metric, missing ? absenceOfLeftOut(missing) : { reason: 'no-data' })];
		return [...ofMetric.values()].map((windows) => joinWindows(metric, windows, mayLack));
	});
}

function byWindow(answers: readonly GroupAnswer[]): WindowAnswer[] {
	const windows = new Map<string, WindowAnswer>();
	for (const { asks, insights } of answers) {
		if (!asks.window) continue;
		const key = `${asks.window.since} ${asks.window.until}`;
		const known = windows.get(key);
		windows.set(key, { ...asks.window, insights: [...(known?.insights ?? []), ...insights] });
	}
	return [...windows.values()].sort((a, b) => (`${a.since} ${a.until}` < `${b.since} ${b.until}` ? -1 : 1));
}

function notesOf(answers: readonly GroupAnswer[], insights: readonly Insight[]): Note[] {
	const notes: Note[] = [];
	const windows = byWindow(answers).length;
	if (windows > 1) {
		notes.push({ code: 'window-split', message: `The range was asked for in ${windows} windows.` });
	}
	const unique = insights.flatMap((one) => (one.shape === 'absent' && one.reason === 'not-additive' ? one.metric : []));
	if (unique.length > 0) {
		const names = [...new Set(unique)].join(', ');
		const message = `${names}: unique people cannot be added up over windows. Each window has its own number.`;
		notes.push({ code: 'reach-not-summed', message });
	}
	for (const one of insights) {
		if (one.shape !== 'absent' || one.reason !== 'unsupported') continue;
		notes.push({
			code: 'metric-dropped',
			message: `${one.metric} was refused and left out. ${one.message ?? ''}`.trim(),
		});
	}
	return notes;
}
