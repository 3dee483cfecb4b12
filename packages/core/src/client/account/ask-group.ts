import { InsightsAnswer } from '../../graph/insights-answer.ts';
import { UNREADABLE_ADVICE, withoutPagingLinks } from '../../graph/read-answer.ts';
import { type AbsentReason, absenceOf, absent, type Insight } from '../../insight/insight.ts';
import { readInsights } from '../../insight/read-insights.ts';
import { InsightsError, isInsightsError } from '../../insights-error.ts';
import { type PlannedAsk, planOne } from '../../query/plan-requests.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { narrowRefusal, refusedMetrics } from '../narrow-refusal.ts';
import { isAlike } from '../nothing-came.ts';
import { firstLaggingDay } from './account-answer.ts';
import { accountInWords } from './account-id.ts';

/** The result of one planned ask, after all the requests that narrowing needed. */
export type GroupAnswer = {
	readonly asks: PlannedAsk;
	/** One entry per metric, in the order asked. */
	readonly insights: readonly Insight[];
	readonly raw: readonly unknown[];
	/** The account the answer names; null when it names none. */
	readonly accountId: string | null;
	/** Why there are no numbers: all metrics were refused alike without naming one, or every metric failed. */
	readonly refusal?: InsightsError | undefined;
};

/** `before`: an ask that was refused as a whole. The same refusal of the same metrics means the same. */
export type GroupOptions = QuestionOptions & { readonly before?: GroupAnswer | undefined };

/**
 * Ask for one group of account metrics over one window, so that a refused metric costs only itself. A metric that the
 * refusal names is left out and remembered; an unnamed one is found by asking in parts. If all parts are refused alike,
 * the refusal is not about a metric: the answer says so and nothing more is asked.
 *
 * @throws {InsightsError} what cannot be about a metric; `window` when the window is too wide for the host
 */
export async function askGroup(asks: PlannedAsk, context: ClientContext, options: GroupOptions): Promise<GroupAnswer> {
	const { refused: refusedEarlier } = context.memory.accountMetrics;
	const asked = asks.metrics.filter((metric) => !refusedEarlier.has(refusalKey(metric, asks)));
	const known = new Map<string, Insight>();
	for (const metric of asks.metrics) {
		const absence = refusedEarlier.get(refusalKey(metric, asks));
		if (absence) known.set(metric, absent(metric, absence));
	}
	const parts = asked.length === 0 ? [] : await askWhole({ ...asks, metrics: asked }, context, options);
	for (const { insights } of parts) for (const insight of insights) known.set(insight.metric, insight);
	const insights = asks.metrics.flatMap((metric) => known.get(metric) ?? []);
	const hasFailed = insights.every((one) => one.shape === 'absent' && FAILED.includes(one.reason));
	const refused = parts.find((part) => part.isWhole) ?? (hasFailed ? parts.find(({ error }) => error) : undefined);
	return {
		asks,
		insights,
		raw: parts.flatMap(({ raw }) => raw),
		accountId: parts.map(({ accountId }) => accountId).find((id) => id !== null) ?? null,
		refusal: refused?.error ?? (hasFailed ? failureOf(insights, asked.length > 0) : undefined),
	};
}

/** Reasons that come from a refusal. A question with no other result fails with that refusal. */
const FAILED: readonly AbsentReason[] = ['failed', 'no-permission', 'outside-retention', 'unsupported'];

/** Why there are no numbers although no request was refused: no value could be read, or all metrics were refused earlier. */
function failureOf([first]: readonly Insight[], isAnswered: boolean): InsightsError | undefined {
	if (first?.shape !== 'absent') return undefined;
	const message = `${first.metric}: ${first.message ?? 'refused before'}`;
	if (isAnswered) return new InsightsError('answer-unreadable', message, { advice: UNREADABLE_ADVICE });
	return new InsightsError('invalid-query', message, {
		advice: 'Meta refused this metric earlier in the same run, so it was not requested again. Leave the metric out.',
	});
}

/** An ask that was not sent, because earlier ones were refused as a whole. */
export function refusedAnswer(asks: PlannedAsk, refusal: InsightsError): GroupAnswer {
	const { insights } = allAbsent(asks.metrics, refusal);
	return { asks, insights, raw: [], accountId: null, refusal };
}

type Part = Omit<GroupAnswer, 'asks' | 'refusal'> & {
	/** The refusal behind this part. */
	readonly error?: InsightsError;
	/** The refusal is about all metrics. */
	readonly isWhole?: boolean;
};

/** Ask for all metrics in one request. If Meta refuses without naming one, three parts show whether it is about a metric. */
async function askWhole(asks: PlannedAsk, context: ClientContext, options: GroupOptions): Promise<Part[]> {
	const whole = await tryOnce(asks, context, options);
	if (!isInsightsError(whole)) return [whole];
	const { action } = narrowRefusal(whole, asks.metrics);
	if (action === 'give-up-metric') {
		const series = await askAsSeries(whole, asks, context, options);
		if (series !== null) return series;
		const part = rememberIsolated(whole, asks, context);
		return [{ ...part, isWhole: refusedMetrics(whole, asks.metrics).length === 0 && !isOfPeople(whole) }];
	}
	if (action !== 'halve-metrics') return narrow(whole, asks, context, options);
	const { before } = options;
	if (before?.refusal && isAlike(before.refusal, whole) && before.asks.metrics.join() === asks.metrics.join()) {
		return [{ ...rememberIsolated(whole, asks, context), isWhole: true }];
	}
	const tried: { readonly asks: PlannedAsk; readonly outcome: Part | InsightsError }[] = [];
	const lists = inParts(asks.metrics);
	for (const [index, metrics] of lists.entries()) {
		const part = { ...asks, metrics };
		const isLeft = index === lists.length - 1 && tried.every(({ outcome }) => !isInsightsError(outcome));
		const outcome = isLeft && metrics.length > 1 ? whole : await tryOnce(part, context, options);
		tried.push({ asks: part, outcome });
	}
	const alike = tried.every(
		({ asks: { metrics }, outcome }) =>
			isInsightsError(outcome) && isAlike(outcome, whole) && refusedMetrics(outcome, metrics).length === 0,
	);
	if (alike && !isOfPeople(whole)) return [{ ...rememberIsolated(whole, asks, context), isWhole: true }];
	const parts: Part[] = [];
	for (const { asks: part, outcome } of tried) {
		parts.push(...(isInsightsError(outcome) ? await narrow(outcome, part, context, options) : [outcome]));
	}
	return parts;
}

/** The first metric, which is usually the most reliable, and two halves of the others. */
function inParts([first, ...rest]: readonly string[]): string[][] {
	const half = Math.ceil(rest.length / 2);
	return [[first ?? ''], rest.slice(0, half), rest.slice(half)].filter((part) => part.length > 0);
}

/** The refusal is about too few people or about the days: it is the reason of the metric, not a failed question. */
function isOfPeople({ kind }: InsightsError): boolean {
	return kind === 'too-few-followers' || kind === 'window';
}

async function askNarrowing(asks: PlannedAsk, context: ClientContext, options: QuestionOptions): Promise<Part[]> {
	const outcome = await tryOnce(asks, context, options);
	return isInsightsError(outcome) ? narrow(outcome, asks, context, options) : [outcome];
}

/** What is left of an ask that was refused. */
async function narrow(
	error: InsightsError,
	asks: PlannedAsk,
	context: ClientContext,
	options: QuestionOptions,
): Promise<Part[]> {
	const narrowing = narrowRefusal(error, asks.metrics);
	switch (narrowing.action) {
		case 'drop': {
			const named = { ...asks, metrics: narrowing.metrics };
			const rest = asks.metrics.filter((metric) => !narrowing.metrics.includes(metric));
			const dropped = await askAsSeries(error, named, context, options);
			return [
				...(dropped ?? [remember(narrowing.metrics, asks, error, context)]),
				...(await askNarrowing({ ...asks, metrics: rest }, context, options)),
			];
		}
		case 'give-up-metric':
			return (await askAsSeries(error, asks, context, options)) ?? [rememberIsolated(error, asks, context)];
		case 'halve-metrics': {
			const half = Math.ceil(asks.metrics.length / 2);
			const [one, other] = [
				{ ...asks, metrics: asks.metrics.slice(0, half) },
				{ ...asks, metrics: asks.metrics.slice(half) },
			];
			const first = await tryOnce(one, context, options);
			if (isInsightsError(first)) {
				const parts = await narrow(first, one, context, options);
				return [...parts, ...(await askNarrowing(other, context, options))];
			}
			// The refused metric is in the other half: do not ask for that half as a whole again, unless it is a single metric.
			const isLeft = other.metrics.length > 1;
			return [
				first,
				...(await (isLeft ? narrow(error, other, context, options) : askNarrowing(other, context, options))),
			];
		}
		case 'fail':
			if (error.kind === 'window') return [allAbsent(asks.metrics, error)];
			throw error;
		case 'split-window':
		case 'halve-page':
		case 'find-boundary':
			throw error;
		default:
			return narrowing satisfies never;
	}
}

/** Ask again, per day, for metrics that Meta refuses as a total because it has them only per day; null for any other refusal. */
async function askAsSeries(
	error: InsightsError,
	asks: PlannedAsk,
	context: ClientContext,
	options: QuestionOptions,
): Promise<Part[] | null> {
	const { metricType, breakdown } = asks;
	if (error.graph?.rule !== 'metric-type-series' || metricType !== 'total_value' || breakdown.length > 0) return null;
	return askNarrowing({ ...asks, metricType: 'default' }, context, options);
}

async function tryOnce(
	asks: PlannedAsk,
	context: ClientContext,
	options: QuestionOptions,
): Promise<Part | InsightsError> {
	try {
		return await askOnce(asks, context, options);
	} catch (error) {
		if (isInsightsError(error)) return error;
		throw error;
	}
}

async function askOnce(asks: PlannedAsk, context: ClientContext, options: QuestionOptions): Promise<Part> {
	const accountId = await context.accountId(options.signal);
	const request = planOne(asks, { host: context.session.host, accountId });
	const what = `insights of ${accountInWords(accountId)}`;
	const { data, raw } = await context.session.ask(request, InsightsAnswer, { what, signal: options.signal });
	return {
		insights: readInsights(data.data, { metrics: asks.metrics, withBreakdown: asks.breakdown.length > 0 }),
		raw: [withoutPagingLinks(raw)],
		accountId: data.data.map(({ id }) => id?.split('/')[0]).find((id) => id !== undefined && id !== '') ?? null,
	};
}

function allAbsent(metrics: readonly string[], error: InsightsError): Part {
	const absence = absenceOf(error);
	return { insights: metrics.map((metric) => absent(metric, absence)), raw: [], accountId: null, error };
}

/** A refusal that depends on the dates is not remembered: the metric may have numbers in another window. */
function remember(metrics: readonly string[], asks: PlannedAsk, error: InsightsError, context: ClientContext): Part {
	const absence = absenceOf(error);
	if (absence.reason === 'unsupported') {
		for (const metric of metrics) context.memory.accountMetrics.refused.set(refusalKey(metric, asks), absence);
	}
	return allAbsent(metrics, error);
}

/**
 * Note the refusal of a metric that was asked alone. If the refusal does not say what is wrong with the metric, it may be
 * about the days. So it is remembered only after two windows were refused, both with days Meta has already counted.
 */
function rememberIsolated(error: InsightsError, asks: PlannedAsk, context: ClientContext): Part {
	const absence = absenceOf(error);
	const { memory, session } = context;
	if (error.kind === 'window' || error.kind === 'too-few-followers') return allAbsent(asks.metrics, error);
	for (const metric of asks.metrics) {
		const key = refusalKey(metric, asks);
		if (isAboutMetric(error)) {
			memory.accountMetrics.refused.set(key, absence);
			continue;
		}
		if (asks.window && asks.window.until >= firstLaggingDay(session.now())) continue;
		const days = (memory.accountMetrics.unexplained.get(key) ?? new Set()).add(asks.window?.since ?? '');
		memory.accountMetrics.unexplained.set(key, days);
		if (days.size > 1) memory.accountMetrics.refused.set(key, absence);
	}
	return allAbsent(asks.metrics, error);
}

/** Rules that hold for all days. */
const ABOUT_METRIC = ['metric-type', 'period', 'breakdown-incompatible', 'breakdown-unknown'];

function isAboutMetric({ kind, graph }: InsightsError): boolean {
	return kind === 'unsupported-metric' || kind === 'unknown-metric' || ABOUT_METRIC.includes(graph?.rule ?? '');
}

function refusalKey(metric: string, { breakdown, metricType }: PlannedAsk): string {
	return [metric, metricType, ...breakdown].join(' ');
}
