import { GRAPH_ERROR_CODES } from '../catalog/graph-error-code.ts';
import { refusedMetrics } from '../graph/refused-metrics.ts';
import type { InsightsError } from '../insights-error.ts';

/** What to do about a refused request for several metrics, so that one bad metric does not cost the rest. */
export type Narrowing =
	/** These metrics are to blame: leave them out and ask for the others. */
	| { readonly action: 'drop'; readonly metrics: readonly string[] }
	/** Some metric is to blame, which one is not said: ask for each half apart. */
	| { readonly action: 'halve-metrics' }
	/** The only metric asked is to blame: it has no number here. */
	| { readonly action: 'give-up-metric' }
	/** The window is too wide for the host: split it. */
	| { readonly action: 'split-window' }
	/** The page is too heavy: ask for fewer items. */
	| { readonly action: 'halve-page' }
	/** Some media are older than the business account; in a list, all behind the first such one are. */
	| { readonly action: 'find-boundary' }
	/** Asking for less does not help. */
	| { readonly action: 'fail' };

/** Pure: reads the kind of the refusal, and the metric names in Meta's words. */
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
			// About one metric only where it stands in Meta's words.
			return refusedMetrics(error, metrics).length > 0 ? narrowMetrics(error, metrics) : { action: 'fail' };
		default:
			return { action: 'fail' };
	}
}

/** Questions that fall apart for another reason than one of the metrics, and would do so for each metric alone. */
const NOT_ABOUT_METRICS = ['ids-removed', 'path-unknown', 'breakdown-unknown'];

function aboutMetrics({ graph }: InsightsError): boolean {
	return graph !== undefined && !NOT_ABOUT_METRICS.includes(graph.rule ?? '');
}

function narrowMetrics(error: InsightsError, metrics: readonly string[]): Narrowing {
	if (metrics.length <= 1) return { action: 'give-up-metric' };
	const named = refusedMetrics(error, metrics);
	if (named.length > 0 && named.length < metrics.length) return { action: 'drop', metrics: named };
	// A refusal of the window as a whole, not of one metric in it.
	if (GRAPH_ERROR_CODES.find(({ id }) => id === error.graph?.rule)?.id === 'window-too-old') return { action: 'fail' };
	return { action: 'halve-metrics' };
}
