import type { Clock } from '../client/ports.ts';

/** A clock in the hands of a test. */
export type ManualClock = Clock & {
	/** Move time on and wake every sleeper whose time has come, earliest first. */
	advance(ms: number): Promise<void>;
	/** How long each sleep was asked to last, in the order asked. */
	readonly sleeps: readonly number[];
};

/**
 * A clock that stands still until it is advanced.
 *
 * With `passing: 'by-itself'` a sleep ends at once and takes the time with it: two sleeps begun together end together,
 * and the clock stands at the later end. That suits code that waits where nobody turns the clock.
 */
export function manualClock(
	start: Date | string,
	{ passing = 'by-hand' }: { passing?: 'by-hand' | 'by-itself' } = {},
): ManualClock {
	let nowMs = new Date(start).getTime();
	const sleeps: number[] = [];
	const sleepers = new Set<{ dueMs: number; wake: () => void }>();

	return {
		now: () => new Date(nowMs),
		sleeps,
		async sleep(ms, signal) {
			signal?.throwIfAborted();
			sleeps.push(ms);
			if (ms <= 0) return;
			const dueMs = nowMs + ms;
			if (passing === 'by-itself') {
				await Promise.resolve();
				signal?.throwIfAborted();
				nowMs = Math.max(nowMs, dueMs);
				return;
			}
			await new Promise<void>((resolve, reject) => {
				const sleeper = { dueMs, wake: resolve };
				sleepers.add(sleeper);
				signal?.addEventListener('abort', () => {
					sleepers.delete(sleeper);
					reject(signal.reason);
				});
			});
		},
		async advance(ms) {
			nowMs += ms;
			const due = [...sleepers].filter(({ dueMs }) => dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs);
			for (const sleeper of due) {
				sleepers.delete(sleeper);
				sleeper.wake();
				await Promise.resolve();
			}
		},
	};
}
