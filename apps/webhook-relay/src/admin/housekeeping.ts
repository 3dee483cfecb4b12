import type { Clock } from '@instagram-insights/core';
import type { Logger } from 'pino';
import { type AccountWarning, findWarnings } from './account-warnings.ts';
import type { AdminStore } from './admin-store.ts';
import { storeFields } from './log-observer.ts';

export type HousekeepingOptions = {
	readonly store: AdminStore;
	readonly clock: Clock;
	readonly log: Logger;
	readonly retentionMs: number;
	readonly dedupMs: number;
	readonly silenceMs: number;
	readonly knownSubscribers: () => readonly string[];
};

const ROUND_MS = 10 * 60_000;
/** Rows of one step, and the pause after it: retention takes a few per cent of the writer's time at most. */
const STEP_ROWS = 200;
const STEP_PAUSE_MS = 50;

/** Every ten minutes: remove what is past its time, in small steps, and warn of accounts that fell silent. */
export function startHousekeeping(options: HousekeepingOptions): { stop(): Promise<void> } {
	const { clock, log } = options;
	const halt = new AbortController();
	let told: ReadonlySet<string> = new Set();

	async function run(): Promise<void> {
		while (!halt.signal.aborted) {
			try {
				await pruneAll(options, halt.signal);
				told = await warn(options, told);
			} catch (error) {
				if (!halt.signal.aborted) log.error(storeFields(error), 'housekeeping failed, it will be tried again');
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
	options: HousekeepingOptions,
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
	if (removed.events > 0) log.info(removed, 'removed what is past its time');
	return removed;
}

/** Log each warning once for as long as it lasts. */
async function warn(options: HousekeepingOptions, told: ReadonlySet<string>): Promise<ReadonlySet<string>> {
	const { store, clock, log, silenceMs } = options;
	const warnings = findWarnings(await store.browse.accounts(), { now: clock.now().getTime(), silenceMs });
	for (const warning of warnings) if (!told.has(nameOf(warning))) log.warn(warning, WORDS[warning.kind]);
	return new Set(warnings.map(nameOf));
}

function nameOf({ kind, accountId }: AccountWarning): string {
	return `${kind} ${accountId}`;
}

const WORDS: Readonly<Record<AccountWarning['kind'], string>> = {
	silent: 'account silent: check its subscription with the doctor command',
	standby: 'messages arrive as standby: another app is the primary receiver of this account',
};
