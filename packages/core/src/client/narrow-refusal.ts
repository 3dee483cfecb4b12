import { GRAPH_ERROR_CODES } from '../catalog/graph-error-code.ts';
import { refusedMetrics } from '../graph/refused-metrics.ts';
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
	if (GRAPH_ERROR_CODES.find(({ id }) => id === error.graph?.rule)?.id === 'window-too-old') return { action: 'fail' };
	return { action: 'halve-metrics' };
}
