import { nextCursor } from '../../graph/cursor.ts';
import { MediaAnswer, type MediaNode } from '../../graph/media-answer.ts';
import { withoutPagingLinks } from '../../graph/read-answer.ts';
import { accountInWords } from '../account/account-id.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';

export type MediaEdge = 'media' | 'stories';

export type ListPart = {
	readonly edge: MediaEdge;
	readonly fields: readonly string[];
	/** Metrics to nest; none for a plain list. */
	readonly metrics: readonly string[];
	readonly limit: number;
	/** Where to go on; null for the beginning. */
	readonly after: string | null;
	/** Unix seconds that narrow the list. */
	readonly range: { readonly since?: number | undefined; readonly until?: number | undefined };
};

export type ListedPart = {
	readonly nodes: readonly MediaNode[];
	/** Where to go on; null at the end. */
	readonly after: string | null;
	readonly raw: unknown;
};

/** One request for a part of a media list, with insights nested in it or without. */
export async function listMedia(part: ListPart, context: ClientContext, options: QuestionOptions): Promise<ListedPart> {
	const accountId = await context.accountId(options.signal);
	const nested = part.metrics.length === 0 ? [] : [`insights.metric(${part.metrics.join(',')})`];
	const query: Record<string, string> = {
		fields: [...part.fields, ...nested].join(','),
		limit: String(part.limit),
	};
	if (part.after !== null) query.after = part.after;
	if (part.range.since !== undefined) query.since = String(part.range.since);
	if (part.range.until !== undefined) query.until = String(part.range.until);
	const request = { method: 'GET', path: `/${accountId}/${part.edge}`, query } as const;
	const what = `${part.edge === 'media' ? 'media' : 'stories'} of ${accountInWords(accountId)}`;
	const { data, raw } = await context.session.ask(request, MediaAnswer, { what, signal: options.signal });
	const seen = new Set(part.after === null ? [] : [part.after]);
	return { nodes: data.data, after: nextCursor(data.paging, seen), raw: withoutPagingLinks(raw) };
}
