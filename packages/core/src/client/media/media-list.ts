import { isPartlyMalformed, MediaAnswer, type MediaFields, type MediaNode } from '../../graph/media-answer.ts';
import { nextCursor, withoutPagingLinks } from '../../graph/read-answer.ts';
import { readMediaFields } from '../../insight/read-media.ts';
import { isInsightsError } from '../../insights-error.ts';
import { accountInWords } from '../account/account-id.ts';
import { countPage, pageSizeOf, shrinkPages } from '../memory.ts';
import type { Asking } from './ask-media.ts';

export type ListQuestion = {
	readonly edge: 'media' | 'stories' | 'tags' | 'collaborative_media';
	readonly fields: readonly string[];
	/** Metrics to nest. */
	readonly metrics: readonly string[];
	/** Unix seconds that narrow the list. */
	readonly range: { readonly since?: number | undefined; readonly until?: number | undefined };
	/** How many more media the caller can use, asked before each request. */
	readonly wanted: () => number;
};

/** A list of media with a cursor in it, and what a plain listing has shown of the media behind the cursor. */
export type MediaList = ReturnType<typeof openList>;

/** More answers in a row without media than any real list was seen to have. */
const MOST_EMPTY = 20;

export function openList(question: ListQuestion, asking: Asking) {
	const { edge, fields } = question;
	const { pageSizes } = asking.memory;
	const nestedSize = pageSizeOf([edge, fields, question.metrics], pageSizes);
	const plainSize = pageSizeOf([edge, fields], pageSizes);
	const handedOut = new Set<string>();
	const raw: unknown[] = [];
	let after: string | null = null;
	let ahead: readonly MediaFields[] = [];
	/** The cursor behind the last of `ahead`; null when the list ends there. */
	let aheadAfter: string | null = null;
	let ended = false;
	let empty = 0;

	function goTo(cursor: string | null, count: number): void {
		empty = count > 0 ? 0 : empty + 1;
		if (cursor === null || cursor === after || empty > MOST_EMPTY) ended = true;
		after = cursor;
	}

	/** Move behind the media of an answer. What was known ahead stays known as long as it is what came. */
	function movePast({ nodes, cursor, body }: Answered): void {
		const asKnown = nodes.every(({ id }, index) => ahead[index] === undefined || ahead[index].id === id);
		ahead = asKnown ? ahead.slice(nodes.length) : [];
		raw.push(body);
		goTo(cursor, nodes.length);
	}

	/** A listing without insights, halved for as long as Graph finds it too heavy; later ones ask for no more than that. */
	async function listPlainly(limit: number, from: string | null): Promise<Answered> {
		for (;;) {
			const asked = Math.min(limit, plainSize.cap);
			try {
				const answered = await askForList({ ...question, metrics: [] }, { limit: asked, after: from }, asking);
				countPage(plainSize, asked);
				return answered;
			} catch (error) {
				if (!isInsightsError(error) || error.kind !== 'too-much-data' || asked <= 1) throw error;
				shrinkPages(plainSize, asked / 2);
			}
		}
	}

	return {
		/** Media known to come next, without their numbers. */
		get ahead() {
			return ahead;
		},
		/** Nothing follows. */
		get ended() {
			return ended;
		},
		/** How large pages with insights may be. */
		nestedSize,
		/** Read the next media with these metrics nested, and move behind them. */
		async readNested(metrics: readonly string[], limit: number): Promise<readonly MediaNode[]> {
			const answered = await askForList({ ...question, metrics }, { limit, after }, asking);
			movePast(answered);
			countPage(nestedSize, limit);
			return answered.nodes;
		},
		/** List one page plainly unless so many media are known ahead. */
		async lookAhead(count: number, pageSize = asking.pageSize): Promise<void> {
			const from = ahead.length === 0 ? after : aheadAfter;
			if (ended || ahead.length >= count || (ahead.length > 0 && aheadAfter === null)) return;
			const { nodes, cursor, body } = await listPlainly(pageSize, from);
			ahead = [...ahead, ...nodes.map(fieldsOf)];
			aheadAfter = cursor;
			raw.push(body);
			if (ahead.length === 0) goTo(cursor, 0);
		},
		/** Move behind the next media known ahead: all of them without a request. Fewer where the list has changed meanwhile. */
		async skip(count: number): Promise<readonly MediaFields[]> {
			const next = ahead.slice(0, count);
			if (next.length === ahead.length) {
				ahead = [];
				goTo(aheadAfter, next.length);
				return next;
			}
			const idsAlone = { ...question, fields: ['id'], metrics: [] };
			const answered = await askForList(idsAlone, { limit: count, after }, asking);
			const { nodes } = answered;
			const isChanged = nodes.length === 0 || nodes.some(({ id }, index) => id !== next[index]?.id);
			// None: the list ended before what was known of it.
			if (!isChanged || nodes.length === 0) movePast(answered);
			if (isChanged) ahead = [];
			return isChanged ? [] : next.slice(0, nodes.length);
		},
		/** Those that were not handed out before: a list may go round. It ends with a run that holds none. */
		onlyNew<T extends { readonly media: MediaFields }>(items: readonly T[]): readonly T[] {
			const fresh = items.filter(({ media }) => !handedOut.has(media.id));
			if (fresh.length === 0 && items.length > 0) ended = true;
			for (const { media } of fresh) handedOut.add(media.id);
			return fresh;
		},
		/** Bodies read since the last call. */
		takeRaw(): readonly unknown[] {
			return raw.splice(0);
		},
	};
}

/** The fields of a medium alone, without the links of whatever was nested in it, which hold the token. */
export function fieldsOf({ insights: _, ...fields }: MediaNode): MediaFields {
	return readMediaFields(fields);
}

type Answered = {
	readonly nodes: readonly MediaNode[];
	/** Where to go on; null at the end. */
	readonly cursor: string | null;
	readonly body: unknown;
};

/** One request for a part of a list, with insights nested in it or without. */
async function askForList(
	{ edge, fields, metrics, range }: ListQuestion,
	{ limit, after }: { readonly limit: number; readonly after: string | null },
	{ accountId: findAccount, session, tally, options: { signal } }: Asking,
): Promise<Answered> {
	const accountId = await findAccount(signal);
	const nested = metrics.length === 0 ? [] : [`insights.metric(${metrics.join(',')})`];
	const query: Record<string, string> = { fields: [...fields, ...nested].join(','), limit: String(limit) };
	if (after !== null) query.after = after;
	if (range.since !== undefined) query.since = String(range.since);
	if (range.until !== undefined) query.until = String(range.until);
	const request = { method: 'GET', path: `/${accountId}/${edge}`, query } as const;
	const what = `${edge} of ${accountInWords(accountId)}`;
	const { data, raw } = await session.ask(request, MediaAnswer, { what, signal });
	if (isPartlyMalformed(raw)) tally.hasMalformed = true;
	const cursor = nextCursor(data.paging, new Set(after === null ? [] : [after]));
	return { nodes: data.data, cursor, body: withoutPagingLinks(raw) };
}
