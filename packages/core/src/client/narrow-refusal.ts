import type { InsightsError } from '../insights-error.ts';

/** What to do after a refused request for several metrics, so that one bad metric does not cost the rest. */
export type Narrowing =
	/** These metrics are the reason: leave them out and ask for the others. */
	| { readonly action: 'drop'; readonly metrics: readonly string[] }
	/** An unnamed metric is the reason: ask for each half separately. */
	| { readonly action: 'halve-metrics' }
	/** The only metric asked is the reason: it has no number here. */
	| { readonly action: 'give-up-metric' }
	/** The window is too wide for the host: split it. */
	| { readonly action: 'split-window' }
	/** The page is too heavy: ask for fewer items. */
	| { readonly action: 'halve-page' }
	/** Some media are older than the business account; in a list, so is everything behind the first of them. */
	| { readonly action: 'find-boundary' }
	/** Asking for less does not help. */
	| { readonly action: 'fail' };

/** Decide by the kind of the refusal and the metric names in Meta's message. Pure. */
export function narrowRefusal(error: InsightsError, metrics: readonly string[]): Narrowing {
	switch (error.kind) {
		case 'too-much-data':
			return { action: 'halve-page' };
		case 'before-conversion':
			return { action: 'find-boundary' };
		case 'window':
			return error.graph?.rule === 'window-too-wide' ? { action: 'split-window' } : narrowMetrics(error, metrics);
		case 'unsupported-metric':
		case 'unknown-metric':
		case 'too-few-followers':
			return narrowMetrics(error, metrics);
		case 'invalid-query':
			return aboutMetrics(error) ? narrowMetrics(error, metrics) : { action: 'fail' };
		case 'unknown':
		case 'permission':
			// About a metric only if Meta's message names it.
			return refusedMetrics(error, metrics).length > 0 ? narrowMetrics(error, metrics) : { action: 'fail' };
		default:
			return { action: 'fail' };
	}
}

/** Rules that are not about a metric: each metric alone would be refused as well. */
const NOT_ABOUT_METRICS = ['ids-removed', 'path-unknown', 'breakdown-unknown'];

function aboutMetrics({ graph }: InsightsError): boolean {
	return graph !== undefined && !NOT_ABOUT_METRICS.includes(graph.rule ?? '');
}

function narrowMetrics(error: InsightsError, metrics: readonly string[]): Narrowing {
	if (metrics.length <= 1) return { action: 'give-up-metric' };
	const named = refusedMetrics(error, metrics);
	if (named.length > 0 && named.length < metrics.length) return { action: 'drop', metrics: named };
	// The refusal is about the window, not about a metric.
	if (error.graph?.rule === 'window-too-old') return { action: 'fail' };
	return { action: 'halve-metrics' };
}

/**
 * Which of the requested metrics a refusal is about: those that Meta's message names or that `metric[N]` points at. It
 * does not depend on known sentences, so new wordings work as well.
 *
 * @param asked the metrics of the refused request, in its order
 * @returns in the order asked; empty if the refusal names none
 */
export function refusedMetrics({ graph }: Pick<InsightsError, 'graph'>, asked: readonly string[]): string[] {
	const texts = [graph?.message, graph?.userMessage, graph?.userTitle].map((text) =>
		(text ?? '').replace(WOULD_DO, ' '),
	);
	const text = texts.join('\n');
	const places = [...text.matchAll(/\bmetrics?\[(\d+)\]/gi)].map(([, place]) => Number(place));
	const marked = new Set(
		MARKED.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, list = '']) => words(list))),
	);
	const certain = asked.filter((metric, place) => marked.has(metric) || places.includes(place));
	if (certain.length > 0) return certain;
	const mentioned = new Set(words(text));
	return asked.filter((metric) => mentioned.has(metric));
}

/** Names that Meta suggests instead of the refused ones. */
const WOULD_DO =
	/\b(?:must be one of|(?:valid|allowed|available|supported|accepted|possible)(?: \w+)? (?:are|is)\b|\b(?:please )?(?:use|try)\b)[^.\n]*/gi;

const NAME = '[a-z][a-z0-9_]*';
const LIST = `${NAME}(?:(?:\\s*,\\s*|\\s+(?:and|or)\\s+)${NAME})*`;

/** Contexts in which a word is certainly a metric, even if it is also an English word: `reach`, `views`, `comments`. */
const MARKED: readonly RegExp[] = [
	new RegExp(`["'\`“‘(\\[{]\\s*(${LIST})\\s*["'\`”’)\\]}]`, 'gi'),
	new RegExp(`\\b(${LIST}) metrics?\\b`, 'gi'),
	new RegExp(`\\bmetrics?:?\\s+(${LIST})`, 'gi'),
];

function words(text: string): string[] {
	return text.match(/[a-z][a-z0-9_]*/gi) ?? [];
}
