import type { ReachableAccount } from '../graph/accounts-answer.ts';
import type { Absence } from './absence.ts';
import type { PageSize } from './media/media-list.ts';

/** What a client has learnt about its host and account, kept for its life so that no refusal is met twice. */
export type Memory = {
	/** The account that is asked, once known; its path may be known before. */
	account: ReachableAccount | null;
	/** Widest window in seconds the host was seen to take; undefined: only the catalog's word. */
	maxWindowSeconds: number | undefined;
	/** Account metrics by metric, breakdown and metric type. */
	readonly accountMetrics: {
		readonly refused: Map<string, Absence>;
		/** Days whose windows a metric was refused for by itself without a clear cause. */
		readonly unexplained: Map<string, Set<string>>;
	};
	/** Whether insights may be nested in a list of media. */
	nesting: 'untried' | 'works' | 'refused';
	/** How large the pages of each question may be. */
	readonly pageSizes: Map<string, PageSize>;
	/** Which kinds of media lack which metrics. */
	readonly kinds: KindFacts;
	/** Media published at this instant (ms) or before are older than the business account; null: none met. */
	convertedAfter: number | null;
};

/** What a client has learnt of kinds of media. A kind is a product type and a media type: `FEED VIDEO`. */
export type KindFacts = {
	/** Metrics that the host does not know at all. */
	readonly unknownMetrics: Map<string, Absence>;
	/** What media of a kind answered once one of them was suspected to refuse a metric, as `<kind> <metric>`. */
	readonly records: Map<string, MetricRecord>;
	/** Kinds have explained refusals: a page is listed plainly before its insights are asked for. */
	explain: boolean;
};

export type MetricRecord = { answered: number; refused: number; absence: Absence | null };

export function createMemory(): Memory {
	return {
		account: null,
		maxWindowSeconds: undefined,
		accountMetrics: { refused: new Map(), unexplained: new Map() },
		nesting: 'untried',
		pageSizes: new Map(),
		kinds: { unknownMetrics: new Map(), records: new Map(), explain: false },
		convertedAfter: null,
	};
}
