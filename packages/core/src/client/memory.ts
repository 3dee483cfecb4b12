import type { Absence } from './absence.ts';

/** What a client has learnt about its host and account, kept for its life so that no refusal is met twice. */
export type Memory = {
	/** The account to ask, once known. */
	accountId: string | null;
	/** Widest window in seconds the host was seen to take; undefined: only the catalog's word. */
	maxWindowSeconds: number | undefined;
	/** Account metrics that were refused, with the reason, by metric, breakdown and metric type. */
	readonly refusedAccountMetrics: Map<string, Absence>;
};

export function createMemory(): Memory {
	return { accountId: null, maxWindowSeconds: undefined, refusedAccountMetrics: new Map() };
}
