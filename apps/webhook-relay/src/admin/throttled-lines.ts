import type { Clock } from '@instagram-insights/core';

/** Lines of one name within this time are one line and a count. */
const WINDOW_MS = 60_000;

export type ThrottledLines = {
	/**
	 * Write now, unless a line of this name was written less than a minute ago: then it is counted, and `write` is called
	 * with the count when that minute ends.
	 *
	 * @param name one of few: each keeps its own minute
	 * @param write `leftOut` is how many lines this one stands for beside itself; 0: it stands for itself alone
	 */
	line(name: string, write: (leftOut: number) => void): void;
	/** Write what is counted. Lines after this are written as they come. */
	close(): void;
};

/** One line per minute and name, so that nobody outside can fill the log. The next line says how many were left out. */
export function throttledLines(clock: Clock): ThrottledLines {
	const halt = new AbortController();
	const held = new Map<string, { count: number; write: (leftOut: number) => void }>();

	/** At the end of the minute: what was counted becomes one line, which begins the next minute. */
	async function guard(name: string): Promise<void> {
		for (;;) {
			await clock.sleep(WINDOW_MS, halt.signal).catch(() => {});
			const { count = 0, write } = held.get(name) ?? {};
			held.delete(name);
			// The line stands for one of them.
			if (count > 0) write?.(count - 1);
			if (count === 0 || halt.signal.aborted) return;
			held.set(name, { count: 0, write: () => {} });
		}
	}

	return {
		line(name, write) {
			const waiting = held.get(name);
			if (halt.signal.aborted || waiting === undefined) {
				write(0);
				if (halt.signal.aborted) return;
				held.set(name, { count: 0, write });
				void guard(name);
				return;
			}
			waiting.count += 1;
			waiting.write = write;
		},
		close: () => halt.abort(),
	};
}
