import type { ReachableAccount } from '../graph/accounts-answer.ts';
import type { Absence } from './absence.ts';
import type { PageSize } from './media/page-size.ts';

/** What a client has learnt about its host and account, kept for its life so that no refusal is met twice. */
export type Memory = {
	/** The account to ask, once known. */
	accountId: string | null;
	/** The same with its user name, once that is known too. */
	account: ReachableAccount | null;
	/** Widest window in seconds the host was seen to take; undefined: only the catalog's word. */
	maxWindowSeconds: number | undefined;
	/** Account metrics that were refused, with the reason, by metric, breakdown and metric type. */
	readonly refusedAccountMetrics: Map<string, Absence>;
	/** Days whose windows an account metric was refused for by itself without a clear cause, by the same key. */
	readonly unexplainedRefusals: Map<string, Set<string>>;
	/** Whether insights may be nested in a list of media. */
	nesting: 'untried' | 'works' | 'refused';
	/** Media of other kinds are among the posts: list a page plainly before its insights are asked for. */
	listFirst: boolean;
	/** How large the pages of each question may be. */
	readonly pageSizes: Map<string, PageSize>;
	/** Media metrics that the host does not know at all. */
	readonly unknownMediaMetrics: Map<string, Absence>;
	/** Media metrics that a page with videos among its posts was refused for. */
	readonly doubtfulForVideos: Set<string>;
	/** How many videos among posts were seen to answer those metrics, and how many to refuse them. */
	readonly videos: { answered: number; refused: number };
	/** Media metrics outside the catalog of which the host knows one or more not, but does not say which. */
	readonly loneMediaMetrics: Set<string>;
	/** Media metrics refused for kinds of media that the catalog says nothing about, as `<kind> <metric>`. */
	readonly refusedKinds: Map<string, Absence>;
	/** Media published at this instant (ms) or before are older than the business account; null: none met. */
	convertedAfter: number | null;
};

export function createMemory(): Memory {
	return {
		accountId: null,
		account: null,
		maxWindowSeconds: undefined,
		refusedAccountMetrics: new Map(),
		unexplainedRefusals: new Map(),
		nesting: 'untried',
		listFirst: false,
		pageSizes: new Map(),
		unknownMediaMetrics: new Map(),
		doubtfulForVideos: new Set(),
		videos: { answered: 0, refused: 0 },
		loneMediaMetrics: new Set(),
		refusedKinds: new Map(),
		convertedAfter: null,
	};
}
