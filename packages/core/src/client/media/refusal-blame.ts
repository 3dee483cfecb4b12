import type { InsightsError, InsightsErrorKind } from '../../insights-error.ts';

/** Refusals that one medium of the list may be to blame for, whatever the metrics. */
export function isOfOneMedium({ kind, graph }: InsightsError): boolean {
	return OF_ONE_MEDIUM.includes(kind) || graph?.rule === 'permission-range';
}

const OF_ONE_MEDIUM: readonly InsightsErrorKind[] = ['too-few-viewers', 'not-found', 'unknown'];

/** What still fails when it was repeated: one medium is to blame, or the page is too heavy for a host that does not say so. */
export const BROKEN_ANSWER: readonly InsightsErrorKind[] = ['transient', 'answer-unreadable'];

/** What a host may answer that takes no nested insights; which words it has for that is not known. */
export const OF_NESTING: readonly InsightsErrorKind[] = [
	'invalid-query',
	'unsupported-field',
	'unknown',
	'transient',
	'answer-unreadable',
];
