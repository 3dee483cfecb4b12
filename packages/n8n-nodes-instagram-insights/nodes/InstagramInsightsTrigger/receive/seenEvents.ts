import { hash } from 'node:crypto';

/**
 * Which events were already handed to the workflow, as it lies in the node's static data: for each UTC day (whole days
 * since 1970) the ids of that day, written one after the other without anything between.
 *
 * It is saved with the workflow after each event, so it is kept small: 16 letters an event, three days, `MAX_SEEN` ids.
 */
export type SeenDays = Readonly<Record<string, string>>;

/** 96 bits of SHA-256: two events out of 5,000 share an id once in 10^22 cases. */
const ID_LENGTH = 16;

/** Meta repeats an undelivered notification for 36 hours; today and the two days before are at least 48 hours. */
const KEPT_DAYS = 3;

/** Oldest first out: about 80 kB of static data. */
export const MAX_SEEN = 5_000;

const DAY_MS = 86_400_000;

/** The short id of an identity, whatever its length. */
export function seenId(identity: string): string {
	return hash('sha256', identity, 'base64url').slice(0, ID_LENGTH);
}

/** Read what static data holds; anything else than {@link SeenDays} counts as nothing seen. */
export function readSeenDays(value: unknown): SeenDays {
	if (typeof value !== 'object' || value === null) return {};
	const days = Object.entries(value).filter(([day, ids]) => /^\d+$/.test(day) && typeof ids === 'string');
	return Object.fromEntries(days) as SeenDays;
}

/** All ids at hand, for looking up. */
export function seenIds(days: SeenDays): ReadonlySet<string> {
	return new Set(Object.values(days).flatMap(split));
}

/**
 * Both memories in one, without days that are over and without more than {@link MAX_SEEN} ids.
 *
 * @param nowMs milliseconds since 1970
 */
export function mergeSeen(left: SeenDays, right: SeenDays, nowMs: number): SeenDays {
	const today = Math.floor(nowMs / DAY_MS);
	const days = [...new Set([...Object.keys(left), ...Object.keys(right)])]
		.map(Number)
		.filter((day) => day > today - KEPT_DAYS && day <= today)
		.sort((a, b) => b - a);
	const kept: Record<string, string> = {};
	let room = MAX_SEEN;
	for (const day of days) {
		const ids = [...new Set([...split(left[day] ?? ''), ...split(right[day] ?? '')])].slice(-room);
		if (ids.length > 0 && room > 0) kept[day] = ids.join('');
		room -= ids.length;
	}
	return kept;
}

/** Today's entry for some ids. */
export function seenNow(ids: readonly string[], nowMs: number): SeenDays {
	return { [Math.floor(nowMs / DAY_MS)]: ids.join('') };
}

function split(ids: string): string[] {
	return ids.match(/.{16}/gs) ?? [];
}
