import type { PruneRequest, PruneStep, ReplayRequest, ReplayStep } from '../admin/admin-store.ts';
import type { Receipt } from '../relay/event.ts';
import type { Appended, Claimed, ClaimRequest, RoutedSubscriber, Settlement } from '../relay/store.ts';
import type { prepareBrowse } from './browse-rows.ts';

/** What the writer thread does, each as a pair of argument and answer. */
export type WriteOperations = {
	append: [readonly Receipt[], readonly Omit<Appended, 'commitMs'>[]];
	route: [{ subscribers: readonly RoutedSubscriber[]; list: string | undefined }, undefined];
	lastList: [undefined, string | null];
	claim: [ClaimRequest, Claimed];
	settle: [readonly Settlement[], undefined];
	releaseLeases: [{ holder: string; now: number }, undefined];
	replay: [ReplayRequest, ReplayStep];
	pause: [{ subscriberId: string; reason: string; now: number }, undefined];
	resume: [string, undefined];
	prune: [PruneRequest, PruneStep];
	check: [number, undefined];
};

type Browse = ReturnType<typeof prepareBrowse>;
/** What the reader thread does. */
export type ReadOperations = { [Name in keyof Browse]: [Parameters<Browse[Name]>[0], ReturnType<Browse[Name]>] };

export type ThreadRequest = { readonly id: number; readonly operation: string; readonly argument: unknown };
export type ThreadAnswer =
	| { readonly id: number; readonly ok: true; readonly result: unknown }
	| { readonly id: number; readonly ok: false; readonly code: number; readonly message: string };
/** One message a transaction: all its answers and how long it took. */
export type ThreadTurn = { readonly answers: readonly ThreadAnswer[]; readonly commitMs: number };

/** Given to the thread when it starts. `kind` tells which half of the work it does. */
export type ThreadSettings = {
	readonly kind: 'writer' | 'reader';
	readonly path: string;
	readonly readOnly?: boolean;
	readonly maxMegabytes?: number | undefined;
	readonly busyTimeoutMs?: number | undefined;
	readonly dedupMs: number;
};
