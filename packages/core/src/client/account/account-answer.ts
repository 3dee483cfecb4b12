import type { Insight } from '../../insight/insight.ts';

/** Something a reader of the numbers should know. `code` is a fixed word, `message` a sentence for people. */
export type Note = { readonly code: NoteCode; readonly message: string };

/** What a caller may want to tell people about an answer, as a stable code. */
export type NoteCode =
	/** Unique people of several windows are not added up. */
	| 'reach-not-summed'
	/** The range needed several requests. */
	| 'window-split'
	/** The last days of the range may still grow. */
	| 'data-lag'
	/** A metric was refused and left out. */
	| 'metric-dropped'
	/** The metric does not count today. */
	| 'today-left-out'
	/** The range ends with days that have not begun in California. */
	| 'future-left-out'
	/** Graph answered without any number, which is also what a missing permission looks like on graph.facebook.com. */
	| 'nothing-came';

/** The numbers of one part of the range that one request could carry. */
export type WindowAnswer = { readonly since: string; readonly until: string; readonly insights: readonly Insight[] };

/** What an account question answered. */
export type AccountAnswer = {
	/** The account's id; `me` where the token's own account was asked and its id did not come along. */
	readonly accountId: string;
	readonly since?: string;
	readonly until?: string;
	/** One entry a metric (and breakdown), in the order asked, for the whole range. */
	readonly insights: readonly Insight[];
	/** The same by window, in time order; empty for questions without a range. */
	readonly windows: readonly WindowAnswer[];
	readonly notes: readonly Note[];
	/** Graph's bodies as parsed, in the order asked, without paging links. */
	readonly raw: readonly unknown[];
};
