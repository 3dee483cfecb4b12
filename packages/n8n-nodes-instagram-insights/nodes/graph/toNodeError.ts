import { type InsightsError, isInsightsError } from '@instagram-insights/core/internal';
import { type INode, type JsonObject, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { describeError } from './describeError';
import { failureOf } from './failureOf';

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
