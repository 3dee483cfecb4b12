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
 * Any thrown value as the error that n8n shows for the item.
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

/** The cause that n8n shows, by kind of error; null if none fits. */
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

/** Rules of core for a used-up quota of calls, as opposed to calls that come too fast. */
const QUOTA_RULES: readonly string[] = ['rate-app', 'rate-app-older', 'rate-user', 'rate-page', 'rate-instagram'];

/** The failure to declare for an item. Older versions of n8n ignore it. */
export function failureOf({ kind, graph, retryAfterMs }: InsightsError): Failure | undefined {
	const isQuota = graph?.rule !== undefined && QUOTA_RULES.includes(graph.rule);
	const cause = isQuota ? 'quota-exhausted' : CAUSES[kind];
	// A proxy or firewall in front of Meta may never let requests through, so do not suggest to retry.
	if (cause === null || graph?.rule === 'not-graph') return undefined;
	const timed = cause === 'rate-limited' || cause === 'quota-exhausted' || cause === 'temporarily-unavailable';
	if (!timed) return { cause };
	return retryAfterMs === undefined ? { cause } : { cause, retryAfterMs };
}

/**
 * The item for a failed one if the node continues on fail: `error` says what happened, as everywhere in n8n, and `message`
 * what helps: the way out, Meta's message, code and trace ID.
 *
 * Only these two members: every n8n version with an error output moves items of exactly this form to it. With an `error`
 * next to `json`, n8n would replace `json`, and `message` would be lost.
 */
export function toErrorItem(node: INode, thrown: unknown, itemIndex: number): INodeExecutionData {
	const { message, description } = toNodeError(node, thrown, itemIndex);
	return {
		json: { error: message, ...(description ? { message: description } : {}) },
		pairedItem: { item: itemIndex },
	};
}

/** Any thrown value as the error that n8n shows for a trigger or a list, which have no input item to name. */
export function toTriggerError(node: INode, thrown: unknown): NodeApiError | NodeOperationError {
	const error = toNodeError(node, thrown, 0);
	delete error.context.itemIndex;
	return error;
}
