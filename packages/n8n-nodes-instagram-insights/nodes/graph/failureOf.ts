import type { InsightsError, InsightsErrorKind } from '@instagram-insights/core/internal';
import type { Failure } from 'n8n-workflow';

/** What n8n learns about the cause, by kind of error; null where none of its words fits. */
const CAUSES: Readonly<Record<InsightsErrorKind, Failure['cause'] | null>> = {
	'invalid-query': 'configuration-invalid',
	auth: 'credential-invalid',
	'wrong-host': 'credential-invalid',
	permission: 'credential-invalid',
	'rate-limit': 'rate-limited',
	transient: 'temporarily-unavailable',
	'not-found': 'configuration-invalid',
	'unsupported-metric': 'configuration-invalid',
	'unknown-metric': 'configuration-invalid',
	window: 'configuration-invalid',
	'too-few-viewers': null,
	'too-few-followers': null,
	'before-conversion': null,
	blocked: 'credential-invalid',
	'unsupported-field': 'configuration-invalid',
	'too-much-data': null,
	'answer-unreadable': null,
	network: 'temporarily-unavailable',
	cancelled: null,
	unknown: null,
};

/** Rules of core by which Meta says that the calls of the hour are used up, not that they come too fast. */
const QUOTA_RULES: readonly string[] = ['rate-app', 'rate-app-older', 'rate-user', 'rate-page', 'rate-instagram'];

/** The declared reason of a failed item; older n8n ignores it. */
export function failureOf({ kind, graph, retryAfterMs }: InsightsError): Failure | undefined {
	const isQuota = graph?.rule !== undefined && QUOTA_RULES.includes(graph.rule);
	const cause = isQuota ? 'quota-exhausted' : CAUSES[kind];
	// What stands between here and Meta may stay there for good.
	if (cause === null || graph?.rule === 'not-graph') return undefined;
	const timed = cause === 'rate-limited' || cause === 'quota-exhausted' || cause === 'temporarily-unavailable';
	if (!timed) return { cause };
	return retryAfterMs === undefined ? { cause } : { cause, retryAfterMs };
}
