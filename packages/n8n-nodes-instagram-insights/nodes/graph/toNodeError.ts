import { type InsightsError, type InsightsErrorKind, isInsightsError } from '@instagram-insights/core/internal';
import {
	type Failure,
	type INode,
	type INodeExecutionData,
	type JsonObject,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';
import { describeError } from './describeError';

/**
 * Whatever an operation threw, as the error n8n shows at the item.
 *
 * The source of a NodeApiError is built here as a plain object: given another NodeApiError, or an error of the HTTP
 * client, n8n's constructor drops message, description and item index.
 */
export function toNodeError(node: INode, error: unknown, itemIndex: number): NodeApiError | NodeOperationError {
	if (isInsightsError(error)) return fromInsightsError(node, error, itemIndex);
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		error.context.itemIndex ??= itemIndex;
		return error;
	}
	const cause = error instanceof Error ? error : new Error(String(error));
	return new NodeOperationError(node, cause, { itemIndex });
}

function fromInsightsError(node: INode, error: InsightsError, itemIndex: number): NodeApiError | NodeOperationError {
	const { message, description } = describeError(error);
	const failure = failureOf(error);
	const shared = { message, description, itemIndex, ...(failure === undefined ? {} : { failure }) };
	if (error.kind === 'invalid-query' || error.kind === 'cancelled') return new NodeOperationError(node, error, shared);
	const { graph } = error;
	const source: JsonObject = graph === undefined ? {} : { ...graph };
	return new NodeApiError(node, source, {
		...shared,
		...(graph === undefined ? {} : { httpCode: String(graph.status) }),
	});
}

/** The cause that n8n shows, by kind of error; null where none of its words fits. */
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

/**
 * The item that stands for a failed one when the node continues on fail: what happened under `error`, as everywhere in
 * n8n, and under `message` what else helps: the way out, Meta's words, code and trace.
 *
 * These two members and no more: n8n moves items of just this form to the error output, in every version that has one.
 * An `error` beside `json` would do so too, but then n8n replaces `json` and `message` is lost.
 */
export function toErrorItem(node: INode, thrown: unknown, itemIndex: number): INodeExecutionData {
	const { message, description } = toNodeError(node, thrown, itemIndex);
	return {
		json: { error: message, ...(description ? { message: description } : {}) },
		pairedItem: { item: itemIndex },
	};
}

/** Whatever was thrown, as the error n8n shows at a trigger. A trigger has no input items, so none is named. */
export function toTriggerError(node: INode, thrown: unknown): NodeApiError | NodeOperationError {
	const error = toNodeError(node, thrown, 0);
	delete error.context.itemIndex;
	return error;
}
