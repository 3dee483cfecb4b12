import { accountMetricRow } from '../../catalog/account-metric.ts';
import { absenceOfLeftOut, absent, type Bucket, type Insight } from '../../insight/insight.ts';
import { listDays, pacificDay } from '../../query/calendar-day.ts';
import type { AccountTotalsQuery } from '../../query/insights-query.ts';
import type { LeftOut } from '../../query/plan-requests.ts';
import { assertAskable, type ClientContext, type QuestionOptions } from '../client-context.ts';
import { emptyNotes } from '../nothing-came.ts';
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

/**
 * Totals of the account over a range: one number or one list of buckets per metric, and the same for each window.
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

/** One insight per metric and breakdown for the whole range, in the order asked. */
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
		notes.push({ code: 'window-split', message: `The date range was read in ${windows} windows.` });
	}
	const unique = insights.flatMap((one) => (one.shape === 'absent' && one.reason === 'not-additive' ? one.metric : []));
	if (unique.length > 0) {
		const names = [...new Set(unique)].join(', ');
		const message = `${names}: unique people cannot be added up across windows. Each window has its own number.`;
		notes.push({ code: 'reach-not-summed', message });
	}
	for (const one of insights) {
		if (one.shape !== 'absent' || one.reason !== 'unsupported') continue;
		notes.push({
			code: 'metric-dropped',
			message: `Meta refused ${one.metric}, so it was left out. ${one.message ?? ''}`.trim(),
		});
	}
	return notes;
}

/** What one metric answered in one window. */
export type WindowInsight = { readonly since: string; readonly until: string; readonly insight: Insight };

/**
 * Join the insights of windows, in time order, into one for the whole range.
 *
 * Additive metrics are added up, totals and buckets alike. Unique people are not (`not-additive`), nor are metrics the
 * catalog does not know. If a window, or a day of a series, has no number, the range has none: a sum without one part
 * is wrong. Only windows in `mayLack` (days Meta has not counted yet) may be missing. If one window has a number but no
 * buckets, the range has only a total. Days of a series outside its window are ignored.
 */
export function joinWindows(
	metric: string,
	parts: readonly WindowInsight[],
	mayLack: (window: { since: string; until: string }) => boolean = () => false,
): Insight {
	const [only] = parts;
	if (only && parts.length === 1) return asTotal(only);
	const read = parts.map((part) => ({ ...part, insight: asTotal(part) }));
	if (read.every(({ insight }) => insight.shape === 'absent')) return read[0]?.insight ?? absent(metric, NO_DATA);
	const row = accountMetricRow(metric);
	if (row?.aggregation !== 'sum') {
		const message = row
			? 'Unique people cannot be added up across windows: a person in two windows would count twice.'
			: `It is not known whether "${metric}" can be added up across windows.`;
		return absent(metric, { reason: 'not-additive', message });
	}
	const present = read.filter(({ insight }) => insight.shape !== 'absent');
	const missing = read.find((part) => part.insight.shape === 'absent' && !mayLack(part));
	if (missing?.insight.shape === 'absent') {
		const { reason, message: why } = missing.insight;
		const message = `There is no number for ${missing.since} to ${missing.until}, so there is none for the date range.`;
		return absent(metric, { reason, message: why === undefined ? message : `${message} ${why}` });
	}
	return addUp(
		metric,
		present.map(({ insight }) => insight),
	);
}

const NO_DATA = { reason: 'no-data' } as const;

/** The total of a series over the days of its window, if its days may be added up and each has exactly one number. */
function asTotal({ since, until, insight }: WindowInsight): Insight {
	if (insight.shape !== 'series') return insight;
	const { metric, points } = insight;
	const days = listDays(since, until);
	if (days.length > 1 && accountMetricRow(metric)?.aggregation !== 'sum') {
		const message = 'Instagram gives this metric per day, and its days cannot be added up. Ask for it daily.';
		return absent(metric, { reason: 'not-additive', message });
	}
	let sum = 0;
	for (const day of days) {
		const [value, ...others] = points.flatMap((point) =>
			point.date === day && point.value !== null ? point.value : [],
		);
		if (value === undefined || others.length > 0) {
			const found = value === undefined ? 'There is no number' : 'There is more than one number';
			return absent(metric, { ...NO_DATA, message: `${found} for ${day}, so there is none for the date range.` });
		}
		sum += value;
	}
	return { shape: 'total', metric, value: sum };
}

function addUp(metric: string, insights: readonly Insight[]): Insight {
	let value: number | null = 0;
	const buckets = new Map<string, Bucket>();
	let split = false;
	let bucketsLack = false;
	for (const insight of insights) {
		const hasBuckets = insight.shape === 'breakdown' && insight.buckets.length > 0;
		if (!hasBuckets && 'value' in insight && insight.value !== 0) bucketsLack = true;
		if (insight.shape === 'total') value = value === null ? null : value + insight.value;
		if (insight.shape !== 'breakdown') continue;
		split = true;
		value = value === null || insight.value === null ? null : value + insight.value;
		for (const bucket of insight.buckets) {
			const key = JSON.stringify([bucket.dimension, bucket.bucket]);
			const sum = (buckets.get(key)?.value ?? 0) + bucket.value;
			buckets.set(key, { ...bucket, value: sum });
		}
	}
	// Buckets of a part of the range would look like those of the whole range.
	if (split && !bucketsLack) return { shape: 'breakdown', metric, value, buckets: [...buckets.values()] };
	return value === null ? absent(metric, NO_DATA) : { shape: 'total', metric, value };
}
