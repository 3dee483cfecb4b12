// What holds a subscriber back: its circuit, refused access, its rate. The stores ask here inside their transactions, so
// that the limits hold over all replicas. Pure.
import type { Verdict } from '../relay/rules.ts';
import type { Claimed, ClaimRequest, Hold } from '../relay/store.ts';

/** What a store remembers of a subscriber between attempts, as its row has it. Times in ms since 1970. */
export type HealthRow = {
	readonly paused_by: string | null;
	readonly consecutive_failures: number;
	readonly held_until: number;
	readonly refused_since: number | null;
};
export type ClaimRow = HealthRow & { readonly rate_tokens: number | null; readonly rate_at: number | null };

/** Why this subscriber gets nothing now; null: it may claim. */
export function refuseClaim(row: HealthRow, now: number): Claimed | null {
	const hold = holdOf(row, now);
	if (hold?.kind === 'operator') return { deliveries: [], wakeAt: null, hold };
	return row.held_until > now ? { deliveries: [], wakeAt: row.held_until, hold } : null;
}

/** What a claim that was not refused may take. */
export type Allowance = {
	readonly limit: number;
	/** Which due delivery is the probe: the oldest and the newest in turn, so that one bad event cannot fail every probe. */
	readonly from: 'oldest' | 'newest';
	readonly hold: Hold | null;
	/** The rate budget after taking so many, and when it next holds a whole request if it holds none now; null: no limit. */
	spend(taken: number): { readonly budget: RateBudget; readonly wakeAt: number | null } | null;
};

/** @param leased how many are under way */
export function allow(row: ClaimRow, request: ClaimRequest, leased: number): Allowance {
	const { now, ratePerSecond: rate } = request;
	const health = healthOf(row);
	const { rate_tokens: tokens, rate_at: at } = row;
	const before = tokens === null || at === null ? null : { tokens, at };
	const budget = rate === null ? null : refill(before, rate, now);
	const free = admitted(health, Math.min(request.limit, request.concurrency - leased), leased, now);
	return {
		limit: Math.max(0, Math.min(free, Math.floor(budget?.tokens ?? free))),
		from: isProbed(health) && health.failures % 2 === 1 ? 'newest' : 'oldest',
		hold: holdOf(row, now),
		spend(taken) {
			if (budget === null || rate === null) return null;
			const left = { ...budget, tokens: budget.tokens - taken };
			return { budget: left, wakeAt: left.tokens < 1 ? nextTokenAt(left, rate) : null };
		},
	};
}

function holdOf(row: HealthRow, now: number): Hold | null {
	if (row.paused_by === 'operator') return { kind: 'operator', until: null };
	const health = healthOf(row);
	if (isProbed(health)) return { kind: health.paused ? 'access' : 'circuit', until: health.heldUntil };
	return health.heldUntil > now ? { kind: 'asked', until: health.heldUntil } : null;
}

/** A subscriber's row as `nextHealth` takes it. */
export function healthOf(row: HealthRow): SubscriberHealth {
	return {
		failures: row.consecutive_failures,
		heldUntil: row.held_until,
		refusedSince: row.refused_since,
		paused: row.paused_by === 'relay',
	};
}

export type SubscriberHealth = {
	/** failures in a row that speak of the receiver */
	readonly failures: number;
	/** until then nothing is attempted */
	readonly heldUntil: number;
	/** when access was first refused, with no success since */
	readonly refusedSince: number | null;
	/** the relay paused it, because access has been refused for long: one probe at a time until one succeeds */
	readonly paused: boolean;
};
export const HEALTHY: SubscriberHealth = { failures: 0, heldUntil: 0, refusedSince: null, paused: false };

/** So many failures of the receiver in a row open its circuit. */
export const CIRCUIT_THRESHOLD = 10;
const [SECOND, MINUTE] = [1000, 60_000];
const FIRST_HOLD_MS = 10 * SECOND;
const LONGEST_HOLD_MS = 5 * MINUTE;
/** Access refused for so long pauses the subscriber; it is probed as often. */
export const REFUSAL_PATIENCE_MS = 2 * MINUTE;
/** However long one answer asks to wait, its subscriber is asked again after this. */
const LONGEST_PATIENCE_MS = 60 * MINUTE;

/**
 * What an attempt says of its subscriber. A receiver failure is one without an answer, a 502 to 504, a clock that
 * differs too much, or an n8n that is starting or does not know the webhook. Ten in a row open the circuit: nothing for
 * 10 s, then one probe; each failed probe doubles the hold up to five minutes. Refused access that lasts pauses: a probe
 * every two minutes. Any other answer ends either: the receiver is there, and what it says of one event (500, 422 …)
 * holds no other event back, except later events of its account with `order: 'account'`. While held, deliveries wait
 * without using up attempts: in a long outage only the deliveries sent as probes come closer to their end.
 */
export function nextHealth(health: SubscriberHealth, verdict: Verdict, now: number): SubscriberHealth {
	const next = afterAttempt(health, verdict, now);
	if (verdict.kind !== 'retry' || verdict.about === 'event') return next;
	const patience = verdict.retryAfterMs ?? (verdict.about === 'rate' ? SECOND : 0);
	return { ...next, heldUntil: Math.max(next.heldUntil, patience && now + Math.min(patience, LONGEST_PATIENCE_MS)) };
}

function afterAttempt(health: SubscriberHealth, verdict: Verdict, now: number): SubscriberHealth {
	const about = verdict.kind === 'retry' ? verdict.about : 'event';
	if (about === 'event' || about === 'rate') {
		// A hold that a 429 asked for stays: this answer was under way before it.
		return { ...HEALTHY, heldUntil: isProbed(health) ? 0 : health.heldUntil };
	}
	// What was under way when the hold began says nothing new.
	if (isProbed(health) && health.heldUntil > now) return health;
	if (about === 'access') {
		const refusedSince = health.refusedSince ?? now;
		if (!health.paused && now - refusedSince < REFUSAL_PATIENCE_MS) return { ...health, refusedSince };
		return { failures: health.failures + 1, refusedSince, paused: true, heldUntil: now + REFUSAL_PATIENCE_MS };
	}
	const failures = health.failures + 1;
	if (failures < CIRCUIT_THRESHOLD) return { ...health, failures };
	const hold = Math.min(FIRST_HOLD_MS * 2 ** Math.min(failures - CIRCUIT_THRESHOLD, 20), LONGEST_HOLD_MS);
	return { ...health, failures, heldUntil: Math.max(health.heldUntil, now + hold) };
}

/** Is its circuit open, or did the relay pause it? Then one probe at a time. */
export function isProbed(health: SubscriberHealth): boolean {
	return health.paused || health.failures >= CIRCUIT_THRESHOLD;
}

/** How many may be attempted now: all that are free, one probe, or none. */
export function admitted(health: SubscriberHealth, free: number, leased: number, now: number): number {
	if (health.heldUntil > now) return 0;
	if (isProbed(health)) return leased === 0 ? Math.min(free, 1) : 0;
	return free;
}

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
