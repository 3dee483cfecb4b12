import { InsightsAnswer } from '../../graph/insights-answer.ts';
import { withoutPagingLinks } from '../../graph/read-answer.ts';
import type { Insight } from '../../insight/insight.ts';
import { readInsights } from '../../insight/read-insights.ts';
import { type InsightsError, isInsightsError } from '../../insights-error.ts';
import { type PlannedAsk, planOne } from '../../query/plan-requests.ts';
import { type Absence, absenceOf, absent } from '../absence.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { accountInWords } from './account-id.ts';
import { narrowRefusal } from './narrow-refusal.ts';
import { firstLaggingDay } from './notes.ts';

/** What one planned ask came to, after as many requests as narrowing needed. */
export type GroupAnswer = {
	readonly asks: PlannedAsk;
	/** One entry a metric asked, in the order asked. */
	readonly insights: readonly Insight[];
	readonly raw: readonly unknown[];
	/** The account the answer names; null when it names none. */
	readonly accountId: string | null;
};

/**
 * Ask for one group of account metrics over one window, and lose none to the refusal of another: a metric the refusal
 * names is left out and remembered, an unnamed one is found by halving the list.
 *
 * @throws {InsightsError} what narrowing cannot mend; `window` when the window is too wide for the host
 */
export async function askGroup(
	asks: PlannedAsk,
	context: ClientContext,
	options: QuestionOptions,
): Promise<GroupAnswer> {
	const refused = context.memory.refusedAccountMetrics;
	const asked = asks.metrics.filter((metric) => !refused.has(refusalKey(metric, asks)));
	const known = new Map<string, Insight>();
	for (const metric of asks.metrics) {
		const absence = refused.get(refusalKey(metric, asks));
		if (absence) known.set(metric, absent(metric, absence));
	}
	const parts = asked.length === 0 ? [] : await askNarrowing({ ...asks, metrics: asked }, context, options);
	for (const { insights } of parts) for (const insight of insights) known.set(insight.metric, insight);
	return {
		asks,
		insights: asks.metrics.flatMap((metric) => known.get(metric) ?? []),
		raw: parts.flatMap(({ raw }) => raw),
		accountId: parts.map(({ accountId }) => accountId).find((id) => id !== null) ?? null,
	};
}

type Part = Omit<GroupAnswer, 'asks'>;

async function askNarrowing(asks: PlannedAsk, context: ClientContext, options: QuestionOptions): Promise<Part[]> {
	try {
		return [await askOnce(asks, context, options)];
	} catch (error) {
		if (!isInsightsError(error)) throw error;
		const narrowing = narrowRefusal(error, asks.metrics);
		switch (narrowing.action) {
			case 'drop': {
				const dropped = remember(narrowing.metrics, asks, absenceOf(error), context);
				const rest = asks.metrics.filter((metric) => !narrowing.metrics.includes(metric));
				return [dropped, ...(await askNarrowing({ ...asks, metrics: rest }, context, options))];
			}
			case 'give-up-metric':
				return [rememberIsolated(error, asks, context)];
			case 'halve-metrics': {
				const half = Math.ceil(asks.metrics.length / 2);
				const first = await askNarrowing({ ...asks, metrics: asks.metrics.slice(0, half) }, context, options);
				const second = await askNarrowing({ ...asks, metrics: asks.metrics.slice(half) }, context, options);
				return [...first, ...second];
			}
			case 'fail':
				if (error.kind === 'window') return [allAbsent(asks.metrics, absenceOf(error))];
				throw error;
			case 'split-window':
			case 'halve-page':
			case 'find-boundary':
				throw error;
			default:
				return narrowing satisfies never;
		}
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

function allAbsent(metrics: readonly string[], absence: Absence): Part {
	return { insights: metrics.map((metric) => absent(metric, absence)), raw: [], accountId: null };
}

/** A refusal that depends on the dates is not remembered: another window may have the metric. */
function remember(metrics: readonly string[], asks: PlannedAsk, absence: Absence, context: ClientContext): Part {
	if (absence.reason === 'unsupported') {
		for (const metric of metrics) context.memory.refusedAccountMetrics.set(refusalKey(metric, asks), absence);
	}
	return allAbsent(metrics, absence);
}

/**
 * The refusal of a metric asked alone. Where it does not say what is wrong with the metric itself, the days may be to
 * blame: so it is remembered only after it came for two windows, and for days that Meta has counted.
 */
function rememberIsolated(error: InsightsError, asks: PlannedAsk, context: ClientContext): Part {
	const absence = absenceOf(error);
	const { memory, session } = context;
	if (error.kind === 'window' || error.kind === 'too-few-followers') return allAbsent(asks.metrics, absence);
	for (const metric of asks.metrics) {
		const key = refusalKey(metric, asks);
		if (isAboutMetric(error)) {
			memory.refusedAccountMetrics.set(key, absence);
			continue;
		}
		if (asks.window && asks.window.until >= firstLaggingDay(session.now())) continue;
		const days = (memory.unexplainedRefusals.get(key) ?? new Set()).add(asks.window?.since ?? '');
		memory.unexplainedRefusals.set(key, days);
		if (days.size > 1) memory.refusedAccountMetrics.set(key, absence);
	}
	return allAbsent(asks.metrics, absence);
}

/** Words that no other days would change. */
const ABOUT_METRIC = ['metric-type', 'period', 'breakdown-incompatible', 'breakdown-unknown'];

function isAboutMetric({ kind, graph }: InsightsError): boolean {
	return kind === 'unsupported-metric' || kind === 'unknown-metric' || ABOUT_METRIC.includes(graph?.rule ?? '');
}

function refusalKey(metric: string, { breakdown, metricType }: PlannedAsk): string {
	return [metric, metricType, ...breakdown].join(' ');
}
