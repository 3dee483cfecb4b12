import { absenceOfLeftOut, absent, type Insight, type Point } from '../../insight/insight.ts';
import { addDays, type Day, listDays, pacificMidnight } from '../../query/calendar-day.ts';
import type { AccountDailyQuery } from '../../query/insights-query.ts';
import { groupMetrics } from '../../query/metric-group.ts';
import { type PlannedAsk, planRequests } from '../../query/plan-requests.ts';
import { assertAskable, type ClientContext, type QuestionOptions } from '../client-context.ts';
import type { Memory } from '../memory.ts';
import { emptyNotes } from '../nothing-came.ts';
import { inParallel } from '../session/in-parallel.ts';
import { type AccountAnswer, lagNotes, leftOutNotes } from './account-answer.ts';
import { askGroup, type GroupAnswer } from './ask-group.ts';
import { askWindows, throwIfRefused } from './ask-windows.ts';

/**
 * The account day by day as one series per metric, in time order; a day without a number keeps its place with the reason.
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

/** The numbers of one Pacific day. */
export type DayAnswer = {
	readonly date: Day;
	/** When the day closes, as Graph writes it: `2026-11-21T08:00:00+0000`. */
	readonly endTime: string;
	/** One entry per metric, in the order asked: totals, or absent with the reason. */
	readonly insights: readonly Insight[];
	readonly raw: readonly unknown[];
	/** The account the answer names; null when it names none. */
	readonly accountId: string | null;
};

/**
 * The account day by day, newest day first. Metrics that Graph gives as a series are read first, in as few requests as
 * their windows allow; all others travel together, one call per day, several days at a time. A day can be used before
 * the next is read; days in `already` are left out, so that an interrupted run can continue where it stopped.
 *
 * @throws {InsightsError} (while iterating) `invalid-query` before anything is sent; else what concerns all metrics alike
 */
export async function* readAccountDays(
	query: AccountDailyQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): AsyncGenerator<DayAnswer> {
	assertAskable(query, context);
	const already = new Set(query.already);
	const days = listDays(query.since, query.until).filter((day) => !already.has(day));
	const [oldest, newest] = [days.at(0), days.at(-1)];
	if (oldest === undefined || newest === undefined) return;

	const groups = groupMetrics(query);
	const totals = groups.filter(({ span }) => span === 'days').flatMap(({ metrics }) => metrics);
	const series = groups.filter(({ span }) => span === 'windows').flatMap(({ metrics }) => metrics);
	const asSeries = { ...query, metrics: series, since: oldest, until: newest };
	const { answers } = series.length === 0 ? { answers: [] } : await askWindows(asSeries, context, options);
	const points = pointsByDay(answers.flatMap(({ insights }) => insights));
	const seriesRaw = answers.flatMap(({ raw }) => raw);
	const account = answers.map(({ accountId }) => accountId).find((id) => id !== null) ?? null;

	const { host, now } = { host: context.session.host, now: context.session.now() };
	const { leftOut } = planRequests({ ...query, since: oldest, until: newest }, { host, now });
	const leftOutOn = (metric: string, date: Day) =>
		leftOut.find((one) => one.metric === metric && one.since <= date && date <= one.until);
	let first = true;
	const toDay = (
		date: Day,
		known: readonly Insight[],
		raw: readonly unknown[],
		accountId: string | null,
	): DayAnswer => {
		const insights = [...new Set(query.metrics)].map((metric): Insight => {
			const missing = leftOutOn(metric, date);
			if (missing !== undefined) return absent(metric, absenceOfLeftOut(missing));
			const insight = known.find((one) => one.metric === metric);
			return insight ? totalOfDay(insight, date) : dayOf(metric, date, points);
		});
		const all = first ? [...seriesRaw, ...raw] : raw;
		first = false;
		return { date, endTime: closingInstant(date), insights, raw: all, accountId: accountId ?? account };
	};
	const plan = planRequests({ ...query, metrics: totals }, { host, now });
	const asks = plan.requests.map((planned) => planned.asks).filter(hasWindow);
	const newestAsked = asks.at(0)?.window.since ?? addDays(oldest, -1);
	const oldestAsked = asks.at(-1)?.window.since ?? oldest;
	const withoutAsk = (some: readonly Day[]) => some.toReversed().map((date) => toDay(date, [], [], null));
	if (asks.length === 0) throwIfRefused(answers);
	yield* withoutAsk(days.filter((date) => date > newestAsked));
	const ask = async (one: (typeof asks)[number], before?: GroupAnswer) => ({
		date: one.window.since,
		answer: await askGroup(one, context, { ...options, before }),
	});
	// Ask for the first day alone: a metric refused there is not asked for the other days. If the refusal may be about that
	// day, ask for the second day alone too.
	const alone: Awaited<ReturnType<typeof ask>>[] = [];
	for (const one of asks.slice(0, 2)) {
		const [before] = alone;
		if (before && !before.answer.refusal && !refusalsAreOpen(context.memory)) break;
		if (before?.answer.refusal && answers.length > 0 && answers.every(({ refusal }) => refusal !== undefined)) break;
		alone.push(await ask(one, before?.answer));
	}
	throwIfRefused([...answers, ...alone.map(({ answer }) => answer)]);
	for (const { date, answer } of alone) yield toDay(date, answer.insights, answer.raw, answer.accountId);
	for await (const { date, answer } of inParallel(asks.slice(alone.length), context.concurrency, (one) =>
		ask(one, alone[0]?.answer),
	)) {
		yield toDay(date, answer.insights, answer.raw, answer.accountId);
	}
	yield* withoutAsk(days.filter((date) => date < oldestAsked));
}

function refusalsAreOpen({ accountMetrics }: Memory): boolean {
	return [...accountMetrics.unexplained.values()].some((windows) => windows.size === 1);
}

/** When a Pacific day closes, written as Graph writes instants. */
export function closingInstant(day: Day): string {
	return pacificMidnight(addDays(day, 1))
		.toISOString()
		.replace(/\.\d+Z$/, '+0000');
}

type PointsByDay = ReadonlyMap<
	string,
	{ readonly days: ReadonlyMap<Day, Point>; readonly absent: Insight | undefined }
>;

function pointsByDay(insights: readonly Insight[]): PointsByDay {
	const found = new Map<string, { days: Map<Day, Point>; absent: Insight | undefined }>();
	for (const insight of insights) {
		const known = found.get(insight.metric) ?? { days: new Map<Day, Point>(), absent: undefined };
		found.set(insight.metric, known);
		if (insight.shape === 'series') for (const point of insight.points) known.days.set(point.date, point);
		if (insight.shape === 'absent') known.absent = insight;
	}
	return found;
}

/** The number of a day that was asked for by itself, whichever shape Graph answers with. */
function totalOfDay(insight: Insight, date: Day): Insight {
	const { metric } = insight;
	if (insight.shape === 'breakdown' && insight.value !== null) return { shape: 'total', metric, value: insight.value };
	return insight.shape === 'series' ? dayOf(metric, date, pointsByDay([insight])) : insight;
}

/** What a series says of one day. */
function dayOf(metric: string, date: Day, points: PointsByDay): Insight {
	const known = points.get(metric);
	const point = known?.days.get(date);
	if (point?.value !== null && point !== undefined) return { shape: 'total', metric, value: point.value };
	if (point === undefined && known?.absent) return known.absent;
	const { reason = 'no-data', message } = point ?? {};
	return absent(metric, { reason, ...(message === undefined ? {} : { message }) });
}

function hasWindow(asks: PlannedAsk): asks is PlannedAsk & { window: NonNullable<PlannedAsk['window']> } {
	return asks.window !== null;
}
