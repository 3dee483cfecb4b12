import type { Confidence } from './source.ts';

/** One version of the Graph API, and how long it is available. */
export type GraphVersionRow = {
	readonly version: string;
	/** `YYYY-MM-DD`. */
	readonly released: string;
	/** `YYYY-MM-DD`, or null while Meta has not said. */
	readonly expires: string | null;
	readonly confidence: Confidence;
	readonly note: string | null;
};

/** Versions of the Graph API, newest first. Read on 2026-10-29 (S17), v27.0 on 2026-11-27 (S48). */
// biome-ignore format: a table reads by columns
export const GRAPH_VERSIONS = [
	{ version: 'v27.0', released: '2026-11-04', expires: null,         confidence: 'high', note: 'New apps may not ask for several ids, aliases or asynchronous batches, on any version, from its release on.' },
	{ version: 'v26.0', released: '2026-07-29', expires: null,         confidence: 'high', note: 'The end is not announced; two years after the next release is usual, so November 2028.' },
	{ version: 'v25.0', released: '2026-02-18', expires: '2028-07-29', confidence: 'high', note: null },
	{ version: 'v24.0', released: '2025-10-08', expires: '2028-02-18', confidence: 'high', note: null },
	{ version: 'v23.0', released: '2025-05-29', expires: '2027-10-08', confidence: 'high', note: null },
	{ version: 'v22.0', released: '2025-01-21', expires: '2027-05-20', confidence: 'high', note: null },
	{ version: 'v21.0', released: '2024-10-02', expires: '2027-01-21', confidence: 'high', note: null },
	{ version: 'v20.0', released: '2024-05-21', expires: '2026-09-24', confidence: 'high', note: null },
	{ version: 'v19.0', released: '2024-01-23', expires: '2026-05-21', confidence: 'high', note: null },
	{ version: 'v18.0', released: '2023-09-12', expires: '2026-01-26', confidence: 'high', note: null },
] as const satisfies readonly GraphVersionRow[];

/** A version of the Graph API, such as `v25.0`. */
export type GraphVersion = (typeof GRAPH_VERSIONS)[number]['version'];

/** The version this library uses by default: one with samples on both hosts. */
export const DEFAULT_GRAPH_VERSION: GraphVersion = 'v25.0';

/** Response header that says which version answered: Meta serves the oldest usable one for an expired or unknown one (S34 S24). */
export const SERVED_VERSION_HEADER = 'facebook-api-version';

/** The versions that are released and not expired at `now`, newest first. */
export function usableGraphVersions(now: Date): GraphVersion[] {
	const today = now.toISOString().slice(0, 10);
	return GRAPH_VERSIONS.flatMap(({ version, released, expires }) =>
		released <= today && (expires === null || today < expires) ? version : [],
	);
}
