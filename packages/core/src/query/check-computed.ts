import type { Breakdown } from '../catalog/breakdown.ts';
import { type ComputedMetrics, computedMetricRow, formulaInputs } from '../catalog/computed-metric.ts';
import type { Host } from '../catalog/host.ts';
import { mediaMetricRow } from '../catalog/media-metric.ts';
import { nearestName } from '../catalog/nearest-name.ts';
import type { QueryProblem } from '../insights-error.ts';
import { either, problem } from './query-problem.ts';

/** Problems of the computed metrics asked for: unknown names, and inputs that the host does not have. */
export function checkComputed(names: readonly string[], table: ComputedMetrics, host: Host): QueryProblem[] {
	const known = Object.keys(table);
	return [...new Set(names)].flatMap((value) => {
		const row = computedMetricRow(value, table);
		if (row === undefined) {
			const message = `"${value}" is not a computed metric here. Choose ${either(known)}.`;
			const suggestion = nearestName(value, known);
			return [problem('computed', 'unknown-metric', message, { value, suggestion })];
		}
		const foreign = formulaInputs(row.formula).find((input) => mediaMetricRow(input)?.hosts.includes(host) === false);
		if (foreign === undefined) return [];
		const message = `"${value}" needs "${foreign}", which ${host} does not have. Leave it out, or read the account with the other login.`;
		return [problem('computed', 'wrong-host', message, { value })];
	});
}

/**
 * The metrics to request so that computed ones can be computed: those asked for, then the missing inputs.
 *
 * @param isMetric whether an input is requested as a metric
 */
export function withInputs(
	metrics: readonly string[],
	computed: readonly string[],
	table: ComputedMetrics,
	isMetric: (name: string) => boolean,
): string[] {
	return [...new Set([...metrics, ...inputsOf(computed, table).filter(isMetric)])];
}

/** The inputs of computed metrics, each once, including the inputs of computed inputs. */
export function inputsOf(computed: readonly string[], table: ComputedMetrics): string[] {
	const inputs = computed.flatMap((name) => {
		const row = computedMetricRow(name, table);
		return row === undefined ? [] : formulaInputs(row.formula);
	});
	const further = inputs.filter((name) => !computed.includes(name));
	return [...new Set([...inputs, ...(further.length === 0 ? [] : inputsOf(further, table))])];
}

/** The metrics that need a breakdown for what is computed from them, and which one. */
export function splitsOf(computed: readonly string[], table: ComputedMetrics): Record<string, Breakdown> {
	const formulas = [...computed, ...inputsOf(computed, table)].map((name) => computedMetricRow(name, table)?.formula);
	return Object.fromEntries(
		formulas.flatMap((formula) => (formula?.kind === 'bucket' ? [[formula.of, formula.breakdown] as const] : [])),
	);
}

/** The columns of a question in order: its metrics, then the computed ones; a difference follows its inputs. */
export function shownMetrics(
	metrics: readonly string[],
	computed: readonly string[],
	table: ComputedMetrics,
): string[] {
	const behind = computed.flatMap((name) => {
		const formula = computedMetricRow(name, table)?.formula;
		return formula?.kind === 'difference' ? [formula.of, formula.minus, name] : [name];
	});
	return [...new Set([...metrics, ...behind])];
}
