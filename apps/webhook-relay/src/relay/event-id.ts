import { randomBytes } from 'node:crypto';

/**
 * Makes event ids such as `evt_0199ab1c2d3e00000042f3a9c1d2e4b5`: milliseconds, a counter, chance.
 *
 * Ids grow with time, so that the index on them is written at its end only, also with millions of events; the random
 * part keeps the ids of two stores apart.
 *
 * @param entropy random bytes, at least 6
 */
export function eventIds(entropy: Buffer = randomBytes(6)): (nowMs: number) => string {
	const instance = entropy.toString('hex').slice(0, 12);
	let [lastMs, counter] = [0, 0];
	return (nowMs) => {
		// A clock set back must not make an id twice: stay at the latest time and count on.
		[lastMs, counter] = nowMs > lastMs ? [nowMs, 0] : [lastMs, counter + 1];
		return `evt_${lastMs.toString(16).padStart(12, '0')}${counter.toString(16).padStart(8, '0')}${instance}`;
	};
}
