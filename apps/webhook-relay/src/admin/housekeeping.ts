import type { Clock } from '@instagram-insights/core';
import type { Logger } from 'pino';
import type { AdminStore } from './admin-store.ts';
import { type Concern, nameOf } from './attention.ts';
import { storeFields } from './log-observer.ts';

export type HousekeepingOptions = {
	readonly store: Pick<AdminStore, 'prune'>;
	readonly clock: Clock;
	readonly log: Logger;
	readonly retentionMs: number;
	readonly dedupMs: number;
	readonly knownSubscribers: () => readonly string[];
	/** concerns that are logged here */
	readonly concerns: () => Promise<readonly Concern[]>;
};

const ROUND_MS = 10 * 60_000;
/** Rows per step, and the pause after it: retention takes at most a few percent of the writer's time. */
const STEP_ROWS = 200;
const STEP_PAUSE_MS = 50;

/** Every ten minutes: remove what is past retention, in small steps, and log concerns. */
export function startHousekeeping(options: HousekeepingOptions): { stop(): Promise<void> } {
	const { clock, log } = options;
	const halt = new AbortController();
	let warned: ReadonlySet<string> = new Set();

	/** Log each concern once for as long as it lasts. */
	async function warn(): Promise<void> {
		const concerns = await options.concerns();
		for (const concern of concerns) {
			const { kind, subject, detail, advice, since } = concern;
			if (warned.has(nameOf(concern))) continue;
			log.warn(
				{ kind, subject, ...(since !== null && { since: new Date(since).toISOString() }) },
				`${detail}. ${advice}`,
			);
		}
		warned = new Set(concerns.map(nameOf));
	}

	async function run(): Promise<void> {
		while (!halt.signal.aborted) {
			try {
				await pruneAll(options, halt.signal);
				await warn();
			} catch (error) {
				if (!halt.signal.aborted) log.error(storeFields(error), 'housekeeping failed, will retry');
			}
			await clock.sleep(ROUND_MS, halt.signal).catch(() => {});
		}
	}

	const running = run();
	return {
		stop() {
			halt.abort();
			return running;
		},
	};
}

/** One whole round of retention. */
export async function pruneAll(
	options: Omit<HousekeepingOptions, 'concerns'>,
	signal: AbortSignal,
): Promise<{ events: number; keys: number }> {
	const { store, clock, log } = options;
	const now = clock.now().getTime();
	const removed = { events: 0, keys: 0 };
	let cursor = 0;
	for (let done = false; !done && !signal.aborted; ) {
		const step = await store.prune({
			now,
			eventsBefore: now - options.retentionMs,
			keysBefore: now - options.dedupMs,
			knownSubscribers: options.knownSubscribers(),
			cursor,
			limit: STEP_ROWS,
		});
		({ cursor, done } = step);
		removed.events += step.events;
		removed.keys += step.keys;
		if (!done) await clock.sleep(STEP_PAUSE_MS, signal).catch(() => {});
	}
	if (removed.events > 0) log.info(removed, 'removed events past retention');
	return removed;
}
