import type { MediaFields } from '../../graph/media-answer.ts';
import type { Insight } from '../../insight/insight.ts';
import type { InsightsError } from '../../insights-error.ts';
import { type Absence, absent } from '../absence.ts';
import type { Doubt } from '../account/choose-run.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { type ListedPart, type ListPart, listMedia } from './list-media.ts';
import { type PagePlace, startOfList } from './page-place.ts';
import { type PageSize, pageSizeOf } from './page-size.ts';

/** One medium of a walk with what is known of it; metrics that are not in `known` are still to be asked for. */
export type WalkedMedia = {
	readonly media: MediaFields;
	readonly known: ReadonlyMap<string, Insight>;
	/** The refusal of the medium as a whole, where there was one. */
	readonly error?: InsightsError | undefined;
};

export type WalkQuestion = Pick<ListPart, 'edge' | 'fields' | 'range'> & {
	/** Metrics to nest. */
	readonly metrics: readonly string[];
	/** How many more media the caller can use, asked before each request. */
	readonly wanted: () => number;
};

/** A walk under way. */
export type Walk = {
	readonly question: WalkQuestion;
	readonly context: ClientContext;
	readonly options: QuestionOptions;
	readonly place: PagePlace;
	/** How large pages with insights may be, and pages without. */
	readonly nestedSize: PageSize;
	readonly plainSize: PageSize;
	/** One of the next media is known to refuse; null: nothing is known against them. */
	doubt: Doubt | null;
	/** Everything that follows is older than the business account. */
	old: boolean;
	/** Rises with every odd medium that was cornered, falls to 0 with the next page that could be read. */
	oddness: number;
	/** One request for a part of the list; one without metrics may bring fewer media than asked for. */
	list(part: Pick<ListPart, 'metrics' | 'limit' | 'after'>, fields?: readonly string[]): Promise<ListedPart>;
};

export function startWalk(question: WalkQuestion, context: ClientContext, options: QuestionOptions): Walk {
	const { edge, fields, range } = question;
	return {
		question,
		context,
		options,
		place: startOfList(),
		nestedSize: pageSizeOf([edge, fields, question.metrics], context.memory.pageSizes),
		plainSize: pageSizeOf([edge, fields], context.memory.pageSizes),
		doubt: null,
		old: false,
		oddness: 0,
		list: (part, only = fields) => listMedia({ edge, fields: only, range, ...part }, context, options),
	};
}

/** A medium whose metrics were all read, or are known to be missing. */
export function walked(media: MediaFields, insights: readonly Insight[]): WalkedMedia {
	return { media, known: new Map(insights.map((insight) => [insight.metric, insight])) };
}

/** A medium without any of these metrics, for one reason. */
export function without(media: MediaFields, metrics: readonly string[], absence: Absence): WalkedMedia {
	return walked(
		media,
		metrics.map((metric) => absent(metric, absence)),
	);
}
