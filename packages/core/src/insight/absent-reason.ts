import type { InsightsError } from '../insights-error.ts';
import type { AbsentReason } from './insight.ts';

/** Why a metric has no number when the request for it was refused. */
export function absentReasonOf({ kind, graph }: Pick<InsightsError, 'kind' | 'graph'>): AbsentReason {
	switch (kind) {
		case 'too-few-viewers':
		case 'too-few-followers':
		case 'before-conversion':
		case 'not-found':
			return kind;
		case 'unsupported-metric':
			return graph?.rule === 'not-shared-to-facebook' ? 'not-shared-to-facebook' : 'unsupported';
		case 'unknown-metric':
		case 'unsupported-field':
			return 'unsupported';
		case 'permission':
		case 'auth':
		case 'wrong-host':
			return 'no-permission';
		case 'window':
			// Too wide is the caller's mistake; too old is Meta's memory.
			return graph?.rule === 'window-too-wide' ? 'failed' : 'outside-retention';
		case 'invalid-query':
		case 'rate-limit':
		case 'transient':
		case 'blocked':
		case 'too-much-data':
		case 'answer-unreadable':
		case 'network':
		case 'cancelled':
		case 'unknown':
			return 'failed';
		default:
			return kind satisfies never;
	}
}
