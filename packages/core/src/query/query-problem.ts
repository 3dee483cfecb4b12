import type { QueryProblem } from '../insights-error.ts';
import { redact } from '../redact.ts';

/** The values of `QueryProblem.reason`. */
export const QUERY_PROBLEM_REASONS = [
	'not-a-list',
	'not-a-text',
	'unknown-kind',
	'no-metrics',
	'unknown-metric',
	'computed-metric',
	'retired-metric',
	'out-of-scope-metric',
	'media-metric',
	'account-metric',
	'metric-elsewhere',
	'wrong-host',
	'wrong-product-type',
	'breakdown-required',
	'unknown-breakdown',
	'unsupported-breakdown',
	'unknown-comparison',
	'unknown-timeframe',
	'unsupported-timeframe',
	'unsupported-period',
	'not-a-day',
	'until-before-since',
	'future',
	'too-old',
	'range-incomplete',
	'unknown-field',
	'risky-field',
	'insights-field',
	'unknown-product-type',
	'bad-limit',
	'no-media-ids',
	'not-a-media-id',
	'not-an-account-id',
	'several-accounts',
	'not-a-username',
	'unknown-time-zone',
] as const;
/** What is wrong with a question: one of `QUERY_PROBLEM_REASONS`. */
export type QueryProblemReason = (typeof QUERY_PROBLEM_REASONS)[number];

type Named = { value?: string | undefined; suggestion?: string | undefined };

/** A problem with its message; members without a value are left out. Someone may have pasted a token, so it is removed. */
export function problem(
	field: string,
	reason: QueryProblemReason,
	message: string,
	{ value, suggestion }: Named = {},
): QueryProblem {
	return {
		field,
		...(value === undefined ? {} : { value: redact(value) }),
		reason,
		message: redact(message),
		...(suggestion === undefined ? {} : { suggestion }),
	};
}

/** `"a", "b" or "c"`. */
export function either(names: readonly string[]): string {
	const quoted = names.map((name) => `"${name}"`);
	const last = quoted.pop() ?? 'nothing';
	return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}
