import { InsightsAnswer } from '../graph/insights-answer.ts';
import type { MediaFields, MediaNode } from '../graph/media-answer.ts';
import { isInsightsError } from '../insights-error.ts';
import type { ClientContext, QuestionOptions } from './client-context.ts';
import { absenceFor } from './media-kind.ts';

/**
 * Whether the host left nested insights out of its answer without a word, as graph.instagram.com does with fields it
 * does not know. Where media came without them, one is asked directly: if it has numbers, nesting does not work here.
 * The verdict is kept in the client's memory.
 */
export async function nestingWasIgnored(
	nodes: readonly MediaNode[],
	metrics: readonly string[],
	context: ClientContext,
	options: QuestionOptions,
): Promise<boolean> {
	const [first] = nodes;
	if (!first) return false;
	if (nodes.some(({ insights }) => insights)) context.memory.nesting = 'works';
	else context.memory.nesting = (await answersAlone(first, metrics, context, options)) ? 'refused' : 'works';
	return context.memory.nesting === 'refused';
}

/**
 * Whether a refusal that names no cause means that the host takes no nested insights at all: it also refuses them for
 * one medium, and that medium answers when asked directly.
 */
export async function nestingIsRefused(
	media: MediaFields,
	metrics: readonly string[],
	context: ClientContext,
	options: QuestionOptions,
): Promise<boolean> {
	if (!(await answersAlone(media, metrics, context, options))) return false;
	context.memory.nesting = 'refused';
	return true;
}

async function answersAlone(
	media: MediaFields,
	metrics: readonly string[],
	context: ClientContext,
	{ signal }: QuestionOptions,
): Promise<boolean> {
	const held = metrics.filter((metric) => absenceFor(metric, media, context.memory) === null);
	if (held.length === 0) return false;
	const request = { method: 'GET', path: `/${media.id}/insights`, query: { metric: held.join(',') } } as const;
	try {
		const what = `insights of media ${media.id}`;
		const { data } = await context.session.ask(request, InsightsAnswer, { what, signal });
		return data.data.length > 0;
	} catch (error) {
		if (isInsightsError(error) && error.graph && error.kind !== 'auth' && error.kind !== 'rate-limit') return false;
		throw error;
	}
}
