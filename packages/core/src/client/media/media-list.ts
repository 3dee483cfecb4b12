import { LIMITS } from '../../catalog/limit.ts';
import {
	fieldsOf,
	isPartlyMalformed,
	MediaAnswer,
	type MediaFields,
	type MediaNode,
} from '../../graph/media-answer.ts';
import { nextCursor, withoutPagingLinks } from '../../graph/read-answer.ts';
import { isInsightsError } from '../../insights-error.ts';
import { accountInWords } from '../account/account-id.ts';
import { countPage, pageSizeOf, shrinkPages } from '../memory.ts';
import type { Asking } from './ask-media.ts';

export type ListQuestion = {
	readonly edge: 'media' | 'stories' | 'tags' | 'collaborative_media';
	readonly fields: readonly string[];
	/** Metrics to nest. */
	readonly metrics: readonly string[];
	/** Limits the list to this range, in Unix seconds. */
	readonly range: { readonly since?: number | undefined; readonly until?: number | undefined };
	/** How many more media the caller can use, asked before each request. */
	readonly wanted: () => number;
};

/** A list of media, read with a cursor, and the media after the cursor that are already listed without insights. */
export type MediaList = ReturnType<typeof openList>;

/** The list ends after this many answers in a row without media: no real list was seen to have as many. */
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
	/** The cursor after the last of `ahead`; null if the list ends there. */
	let aheadAfter: string | null = null;
	/** The cursor of the first of `ahead`; null if no listing begins there. */
	let aheadFirst: string | null = null;
	/** Whether Graph gives the cursor of the first media item of a page. */
	let givesFirst = false;
	let ended = false;
	let empty = 0;
	let repeated = 0;

	function goTo(cursor: string | null, count: number): void {
		empty = count > 0 ? 0 : empty + 1;
		if (cursor === null || cursor === after || empty > MOST_EMPTY) ended = true;
		after = cursor;
		aheadFirst = null;
	}

	/** Move past the media of an answer. Keep the rest of `ahead` if the answer matches it. */
	function movePast({ nodes, cursor, body }: Answered): void {
		const asKnown = nodes.every(({ id }, index) => ahead[index] === undefined || ahead[index].id === id);
		ahead = asKnown ? ahead.slice(nodes.length) : [];
		raw.push(body);
		goTo(cursor, nodes.length);
	}

	/** List media without insights. While Graph finds the page too heavy, halve it, for later pages too. */
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

	/** List the media after `from` without insights. */
	async function extend(from: string | null, pageSize: number): Promise<void> {
		const { nodes, first, cursor, body } = await listPlainly(pageSize, from);
		if (ahead.length === 0) aheadFirst = first;
		givesFirst = first !== null;
		ahead = [...ahead, ...nodes.map(fieldsOf)];
		aheadAfter = cursor;
		raw.push(body);
		if (ahead.length === 0) goTo(cursor, 0);
	}

	return {
		/** The media that come next, without numbers, as far as they are listed. */
		get ahead() {
			return ahead;
		},
		/** Whether the list has ended. */
		get ended() {
			return ended;
		},
		/** How large pages with insights may be. */
		nestedSize,
		/** Read the next media with these metrics nested, and move past them. */
		async readNested(metrics: readonly string[], limit: number): Promise<readonly MediaNode[]> {
			const answered = await askForList({ ...question, metrics }, { limit, after }, asking);
			movePast(answered);
			countPage(nestedSize, limit);
			return answered.nodes;
		},
		/** List one more page without insights, unless `count` media are already known ahead. */
		async lookAhead(count: number, pageSize = asking.pageSize): Promise<void> {
			const from = ahead.length === 0 ? after : aheadAfter;
			if (ended || ahead.length >= count || (ahead.length > 0 && aheadAfter === null)) return;
			await extend(from, pageSize);
		},
		/**
		 * Move past the next `count` media of `ahead`, without a request if that is all of them. Returns fewer if the list has
		 * changed. Meta's cursors mark an item, and `before` marks the first of a page (developers.facebook.com/docs/graph-api/
		 * results, read on 2026-11-27): so listing a page from a media item on also gives the cursor behind that media item.
		 *
		 * @param mayList whether `ahead` may be listed anew: not while one of its media is a suspect
		 */
		async skip(count: number, { mayList }: { readonly mayList: boolean }): Promise<readonly MediaFields[]> {
			const next = ahead.slice(0, count);
			if (next.length === ahead.length) {
				ahead = [];
				goTo(aheadAfter, next.length);
				return next;
			}
			if (mayList && count === 1 && givesFirst && aheadFirst === null && ahead.length < asking.pageSize) {
				ahead = [];
				await extend(after, asking.pageSize);
				if (ahead[0]?.id !== next[0]?.id) return [];
			}
			if (count === 1 && aheadFirst !== null) {
				ahead = ahead.slice(1);
				goTo(ahead.length === 0 ? aheadAfter : aheadFirst, 1);
				return next;
			}
			const idsAlone = { ...question, fields: ['id'], metrics: [] };
			const answered = await askForList(idsAlone, { limit: count, after }, asking);
			const { nodes } = answered;
			const isChanged = nodes.length === 0 || nodes.some(({ id }, index) => id !== next[index]?.id);
			// Without media, the list ends here.
			if (!isChanged || nodes.length === 0) movePast(answered);
			if (isChanged) ahead = [];
			return isChanged ? [] : next.slice(0, nodes.length);
		},
		/** The items that were not returned before. The list ends when it starts again: it repeats a page, or all there was. */
		onlyNew<T extends { readonly media: MediaFields }>(items: readonly T[]): readonly T[] {
			const fresh = items.filter(({ media }) => !handedOut.has(media.id));
			repeated = fresh.length > 0 ? 0 : repeated + items.length;
			if (repeated > 0 && repeated >= Math.min(LIMITS.mediaPageMax, handedOut.size)) ended = true;
			for (const { media } of fresh) handedOut.add(media.id);
			return fresh;
		},
		/** The bodies read since the last call. */
		takeRaw(): readonly unknown[] {
			return raw.splice(0);
		},
	};
}

type Answered = {
	readonly nodes: readonly MediaNode[];
	/** The cursor of the first media item; null if Graph gives none. */
	readonly first: string | null;
	/** Where to continue; null at the end. */
	readonly cursor: string | null;
	readonly body: unknown;
};

/** One request for a part of a list, with or without nested insights. */
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
	const first = data.data.length === 0 ? null : (data.paging?.cursors?.before ?? null);
	return { nodes: data.data, first, cursor, body: withoutPagingLinks(raw) };
}
