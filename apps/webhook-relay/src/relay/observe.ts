import type { SignatureRefusal } from '@instagram-insights/core/webhook';
import type { Verdict } from './rules.ts';
import type { Appended, ClaimedDelivery, Hold } from './store.ts';

/**
 * Who watches the relay: metrics, log and traces, each an observer. It never waits or changes what becomes of an event;
 * what it throws is dropped. It is given ids, codes, counts and times, never a payload, header, URL or secret.
 */
export type Observer = {
	see(happening: Happening): void;
	/** Headers to send along with an attempt, such as `traceparent`. */
	headersFor?(delivery: ClaimedDelivery): Readonly<Record<string, string>>;
};

export type Happening =
	/** Meta asked whether this URL is ours: `accepted`, or why not */
	| { readonly kind: 'handshake'; readonly outcome: string }
	/** Answered 401; `otherSecret` is the one that would have matched on another route. */
	| ({ readonly kind: 'refused'; readonly reason: Refusal; readonly otherSecret: string | null } & ReceiveTimes)
	/** Committed, then answered 200. */
	| ({ readonly kind: 'stored'; readonly appended: Appended; readonly secretName: string } & ReceiveTimes)
	/** Answered 503; Meta sends again. */
	| ({ readonly kind: 'not-stored'; readonly error: unknown } & ReceiveTimes)
	/** A request that is not one of Meta's webhooks, or was not read: wrong path, wrong admin token, too large, no room. */
	| { readonly kind: 'turned-away'; readonly reason: 'path' | 'admin-token' | 'too-large' | 'busy' | 'connections' }
	| Attempted
	/** The relay stopped before this attempt had an answer; it is due again. */
	| ({ readonly kind: 'cut-off' } & Pick<Attempted, 'delivery' | 'startedAt' | 'durationMs'>)
	/** A subscriber is held back from now on, for another reason, or (null) no longer. */
	| { readonly kind: 'hold'; readonly subscriberId: string; readonly hold: Hold | null }
	/** The store refused while delivering, or a request or delivery broke; it is tried again. */
	| { readonly kind: 'failed'; readonly during: 'deliver' | 'request'; readonly error: unknown };

export type Refusal = SignatureRefusal | 'too-old';

/** Times of one POST: ms since 1970, then ms from there. */
export type ReceiveTimes = {
	readonly receivedAt: number;
	/** when the receipt went to the store; null: it did not */
	readonly committingMs: number | null;
	readonly answeredMs: number;
	/** the `traceparent` header as it came */
	readonly traceparent: string | undefined;
};

export type Attempted = {
	readonly kind: 'attempted';
	readonly delivery: ClaimedDelivery;
	/** counted from 1 */
	readonly attempt: number;
	/** null: no HTTP answer */
	readonly status: number | null;
	readonly verdict: Verdict;
	/** the delivery died with this attempt, by verdict or by the end of its schedule */
	readonly dead: boolean;
	readonly startedAt: number;
	readonly durationMs: number;
	/** from receiving to the end of this attempt */
	readonly lagMs: number;
	/** how far the receiver's clock is ahead of ours, by its `Date` header; 0: not known */
	readonly skewMs: number;
};

/** Several observers as one. */
export function observeAll(observers: readonly Observer[]): Required<Observer> {
	const safely = <Result>(look: () => Result): Result | undefined => {
		try {
			return look();
		} catch {
			return undefined;
		}
	};
	return {
		see: (happening) => observers.forEach((one) => void safely(() => one.see(happening))),
		headersFor: (delivery) => Object.assign({}, ...observers.map((one) => safely(() => one.headersFor?.(delivery)))),
	};
}
