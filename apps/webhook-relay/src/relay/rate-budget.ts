/** A token bucket: how many requests may start now. Kept in the store, so that all replicas share it. */
export type RateBudget = { readonly tokens: number; readonly at: number };

/**
 * @param before null: never used, the bucket is full
 * @param ratePerSecond also the size of the bucket, at least one request
 */
export function refill(before: RateBudget | null, ratePerSecond: number, now: number): RateBudget {
	const size = Math.max(1, ratePerSecond);
	if (before === null) return { tokens: size, at: now };
	const elapsed = Math.max(0, now - before.at) / 1000;
	return { tokens: Math.min(size, before.tokens + elapsed * ratePerSecond), at: Math.max(before.at, now) };
}

/** When the bucket next holds a whole request. */
export function nextTokenAt(budget: RateBudget, ratePerSecond: number): number {
	return budget.at + Math.ceil((Math.max(0, 1 - budget.tokens) / ratePerSecond) * 1000);
}
