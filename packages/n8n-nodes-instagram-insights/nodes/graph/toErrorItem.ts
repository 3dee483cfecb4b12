import type { INode, INodeExecutionData } from 'n8n-workflow';
import { toNodeError } from './toNodeError';

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
