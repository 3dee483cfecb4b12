import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '@instagram-insights/core';

/** The machine's clock and timers. */
export const systemClock: Clock = {
	now: () => new Date(),
	sleep: (ms, signal) => wait(Math.max(0, ms), undefined, signal === undefined ? {} : { signal }),
};
