import type { INode, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { toNodeError } from '../../graph/toNodeError';

/** Whatever was thrown, as the error n8n shows at a trigger. A trigger has no input items, so none is named. */
export function toTriggerError(node: INode, thrown: unknown): NodeApiError | NodeOperationError {
	const error = toNodeError(node, thrown, 0);
	delete error.context.itemIndex;
	return error;
}
