import { InsightsAnswer } from '../../graph/insights-answer.ts';
import type { MediaFields, MediaNode } from '../../graph/media-answer.ts';
import { isInsightsError } from '../../insights-error.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { concernsAll } from '../session/batch.ts';
import { absenceFor } from './media-kind.ts';
import { BROKEN_ANSWER } from './refusal-blame.ts';

/**
 * Whether the host left nested insights out of its answer without a word, as graph.instagram.com does with fields it
 * does not know. Where media came without them, one is asked directly. If it has numbers, nesting does not work here;
 * if it refuses, neither: a medium that refuses would have failed the list. The verdict is kept in the client's memory.
 */
export async function nestingWasIgnored(
	nodes: readonly MediaNode[],
	metrics: readonly string[],
	context: ClientContext,
	options: QuestionOptions,
): Promise<boolean> {
	const [first] = nodes;
	if (!first) return false;
	if (nodes.some(({ insights }) => insights)) {
		context.memory.nesting = 'works';
		return false;
	}
	const alone = await askAlone(first, metrics, context, options);
	// Passing trouble says nothing: these media are read apart, and the next page tells.
	if (alone !== 'broken') context.memory.nesting = alone === 'empty' ? 'works' : 'refused';
	return alone !== 'empty';
}

/**
 * Whether the refusal of a list of one medium, without a cause, means that the host takes no nested insights at all: it
 * does when the medium answers by itself. The verdict is kept in the client's memory.
 */
export async function nestingIsRefused(
	media: MediaFields,
	metrics: readonly string[],
	context: ClientContext,
	options: QuestionOptions,
): Promise<boolean> {
	if ((await askAlone(media, metrics, context, options)) !== 'numbers') return false;
	context.memory.nesting = 'refused';
	return true;
}

async function askAlone(
	media: MediaFields,
	metrics: readonly string[],
	context: ClientContext,
	{ signal }: QuestionOptions,
): Promise<'numbers' | 'empty' | 'refused' | 'broken'> {
	const held = metrics.filter((metric) => absenceFor(metric, media, context.memory) === null);
	if (held.length === 0) return 'refused';
	const request = { method: 'GET', path: `/${media.id}/insights`, query: { metric: held.join(',') } } as const;
	try {
		const what = `insights of media ${media.id}`;
		const { data } = await context.session.ask(request, InsightsAnswer, { what, signal });
		return data.data.length > 0 ? 'numbers' : 'empty';
	} catch (error) {
		if (!isInsightsError(error) || concernsAll(error)) throw error;
		return BROKEN_ANSWER.includes(error.kind) ? 'broken' : 'refused';
	}
}
