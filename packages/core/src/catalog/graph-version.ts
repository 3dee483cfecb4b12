import type { Confidence, SourceId } from './source.ts';

/** One version of the Graph API and how long it lives. */
export type GraphVersionRow = {
	readonly version: string;
	/** `YYYY-MM-DD`. */
	readonly released: string;
	/** `YYYY-MM-DD`, or null while Meta has not said. */
	readonly expires: string | null;
	/** True when the version had expired on the day of the reading. */
	readonly expired: boolean;
	readonly confidence: Confidence;
	readonly note: string | null;
};

/** Versions of the Graph API, newest first. Read on 2026-10-29 (S17). */
// biome-ignore format: a table reads by columns
export const GRAPH_VERSIONS = [
	{ version: 'v27.0', released: '2026-11-04', expires: null,         expired: false, confidence: 'medium', note: 'Its row had no label on the day of reading; not proven on graph.instagram.com.' },
	{ version: 'v26.0', released: '2026-07-29', expires: null,         expired: false, confidence: 'high',   note: 'The end is not announced; two years after the next release is usual, so November 2028.' },
	{ version: 'v25.0', released: '2026-02-18', expires: '2028-07-29', expired: false, confidence: 'high',   note: null },
	{ version: 'v24.0', released: '2025-10-08', expires: '2028-02-18', expired: false, confidence: 'high',   note: null },
	{ version: 'v23.0', released: '2025-05-29', expires: '2027-10-08', expired: false, confidence: 'high',   note: null },
	{ version: 'v22.0', released: '2025-01-21', expires: '2027-05-20', expired: false, confidence: 'high',   note: null },
	{ version: 'v21.0', released: '2024-10-02', expires: '2027-01-21', expired: false, confidence: 'high',   note: null },
	{ version: 'v20.0', released: '2024-05-21', expires: '2026-09-24', expired: true,  confidence: 'high',   note: null },
	{ version: 'v19.0', released: '2024-01-23', expires: '2026-05-21', expired: true,  confidence: 'high',   note: null },
	{ version: 'v18.0', released: '2023-09-12', expires: '2026-01-26', expired: true,  confidence: 'high',   note: null },
] as const satisfies readonly GraphVersionRow[];

/** A version of the Graph API, such as `v25.0`. */
export type GraphVersion = (typeof GRAPH_VERSIONS)[number]['version'];

/** The newest version with samples on both hosts. */
export const DEFAULT_GRAPH_VERSION = 'v25.0';

/** What Meta does with versions, beyond the table. */
export const VERSION_BEHAVIOUR = {
	/** An expired or unknown version is answered with HTTP 200 by the oldest usable one, without a word in the body. */
	expiredOrUnknownServedAs: 'oldest-usable',
	/** Response header that says which version really answered. */
	servedVersionHeader: 'facebook-api-version',
	oldestUsable: 'v21.0',
	sources: ['S34', 'S24'],
	/** Removed with v26.0, and from every version on `allVersionsFrom`. */
	legacyFeaturesRemoved: {
		features: ['pretty', 'debug', 'if-none-match', 'date_format', 'ids'],
		fromVersion: 'v26.0',
		allVersionsFrom: '2026-10-27',
		sources: ['S18', 'S19'],
	},
	/** `metadata=1` answers nothing since this day. */
	metadataEndedOn: '2026-05-19',
} as const satisfies {
	expiredOrUnknownServedAs: string;
	servedVersionHeader: string;
	oldestUsable: GraphVersion;
	sources: readonly SourceId[];
	legacyFeaturesRemoved: {
		features: readonly string[];
		fromVersion: GraphVersion;
		allVersionsFrom: string;
		sources: readonly SourceId[];
	};
	metadataEndedOn: string;
};
