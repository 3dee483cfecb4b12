import { computedMetricRow, type Formula } from '../catalog/computed-metric.ts';
import { median } from './best-times.ts';
import { type AbsentReason, type Insight, totalOf } from './insight.ts';

/**
 * Compute metrics from insights, in the order of `names`. If an input is missing or a divisor is 0, the
 * metric is absent, with the reason of the input or `zero-divisor`. Inputs that the table can compute need not be given.
 *
 * @param insights all inputs, including profile fields, under their names
 */
export function computeMetrics(
	names: readonly string[],
	table: Readonly<Record<string, { readonly formula: Formula }>>,
	insights: readonly Insight[],
): Insight[] {
	const inputs = new Map(insights.map((insight) => [insight.metric, insight]));
	const numberFor = (name: string): number | Missing => {
		const insight = inputs.get(name);
		const formula = insight === undefined ? computedMetricRow(name, table)?.formula : undefined;
		return formula === undefined ? numberOf(name, insight) : solve(formula);
	};
	const solve = (formula: Formula) => {
		if (formula.kind === 'bucket') return bucketOf(formula, inputs.get(formula.of));
		// A count may have the name of its input.
		if (formula.kind === 'count') return numberOf(formula.of, inputs.get(formula.of));
		return compute(formula, numberFor);
	};
	return [...new Set(names)].flatMap((metric) => {
		const formula = computedMetricRow(metric, table)?.formula;
		if (formula === undefined) return [];
		const found = solve(formula);
		return [typeof found === 'number' ? { shape: 'total', metric, value: found } : { ...found, metric }];
	});
}

type Missing = { readonly shape: 'absent'; readonly reason: AbsentReason; readonly message: string };

function bucketOf(
	{ of, bucket }: Extract<Formula, { kind: 'bucket' }>,
	insight: Insight | undefined,
): number | Missing {
	if (insight?.shape !== 'breakdown') {
		const found = numberOf(of, insight);
		return typeof found === 'number'
			? { shape: 'absent', reason: 'no-data', message: `${of} came without parts.` }
			: found;
	}
	const part = insight.buckets.find((one) => one.bucket.toUpperCase() === bucket);
	if (part !== undefined) return part.value;
	const known = insight.buckets.reduce((sum, { value }) => sum + value, 0);
	if (known === insight.value) return 0;
	return { shape: 'absent', reason: 'no-data', message: `${of} came without ${bucket}.` };
}

function compute(
	formula: Exclude<Formula, { kind: 'bucket' | 'count' }>,
	input: (name: string) => number | Missing,
): number | Missing {
	const one = input(formula.of);
	if (typeof one !== 'number') return one;
	switch (formula.kind) {
		case 'rest-of-percent':
			return 1 - one / 100;
		case 'difference': {
			const other = input(formula.minus);
			return typeof other === 'number' ? one - other : other;
		}
		case 'ratio':
		case 'rest-of-ratio': {
			const divisor = input(formula.by);
			const ratio = typeof divisor === 'number' ? divided(one, divisor, formula.by) : divisor;
			return typeof ratio === 'number' && formula.kind === 'rest-of-ratio' ? 1 - ratio : ratio;
		}
		default:
			return formula satisfies never;
	}
}

function divided(value: number, divisor: number, name: string): number | Missing {
	if (divisor !== 0) return value / divisor;
	return { shape: 'absent', reason: 'zero-divisor', message: `${name} is 0.` };
}

function numberOf(name: string, insight: Insight | undefined): number | Missing {
	const total = totalOf(insight);
	if (total !== null) return total;
	const { reason = 'no-data', message: why } = insight?.shape === 'absent' ? insight : {};
	return { shape: 'absent', reason, message: why === undefined ? `${name} is missing.` : `${name} is missing: ${why}` };
}

/** A post to compare with others of its kind. */
export type ComparedMedia = { readonly kind: string | undefined; readonly insights: readonly Insight[] };

/** A post compared with the medians of its kind. */
export type MedianComparison = {
	/** `<metric>_vs_median` for each metric: the number divided by the median of its kind. */
	readonly insights: readonly Insight[];
	/** How many numbers the medians are based on: the fewest, if metrics differ; 0 without a median. */
	readonly medianOf: number;
};

/** Compare each post with the median of its kind, including itself. Posts without a number do not count. */
export function compareWithMedian(
	media: readonly ComparedMedia[],
	metrics: readonly string[],
): readonly MedianComparison[] {
	const values = new Map<string, number[]>();
	const key = (kind: string | undefined, metric: string) => `${kind ?? ''} ${metric}`;
	for (const { kind, insights } of media) {
		for (const metric of new Set(metrics)) {
			const found = numberOf(metric, ofMetric(metric, insights));
			if (typeof found !== 'number') continue;
			const known = values.get(key(kind, metric)) ?? [];
			values.set(key(kind, metric), known);
			known.push(found);
		}
	}
	const medians = new Map([...values].map(([of, numbers]) => [of, { middle: median(numbers), count: numbers.length }]));
	return media.map(({ kind, insights }) => {
		const usual = metrics.map((metric) => medians.get(key(kind, metric)));
		const counts = usual.flatMap((known) => known?.count ?? []);
		return {
			insights: [...new Set(metrics)].map((metric): Insight => {
				const found = numberOf(metric, ofMetric(metric, insights));
				const middle = medians.get(key(kind, metric))?.middle ?? 0;
				const times = typeof found === 'number' ? divided(found, middle, `The median of ${metric}`) : found;
				const name = `${metric}${VS_MEDIAN}`;
				return typeof times === 'number' ? { shape: 'total', metric: name, value: times } : { ...times, metric: name };
			}),
			medianOf: counts.length === 0 ? 0 : Math.min(...counts),
		};
	});
}

/** The suffix of a metric that is compared with the median. */
export const VS_MEDIAN = '_vs_median';

function ofMetric(metric: string, insights: readonly Insight[]): Insight | undefined {
	return insights.find((insight) => insight.metric === metric);
}
