import type { Clock } from '@instagram-insights/core';
import type { Tracing } from '../trace/tracing.ts';
import type { ClaimedDelivery, EventStore, Settlement } from './event-store.ts';
import type { HttpSender } from './http-sender.ts';
import { judgeResponse, type Verdict } from './judge-response.ts';
import { nextDelay } from './retry-schedule.ts';
import { signDelivery } from './sign-delivery.ts';
import type { Subscriber } from './subscriber.ts';
import type { HealthSignal } from './subscriber-health.ts';

/** What a lane tells of an attempt: for metrics and logs. No payload, no answer text. */
export type AttemptReport = {
	readonly subscriberId: string;
	readonly eventId: string;
	readonly attempt: number;
	readonly verdict: Verdict;
	/** the delivery died with this attempt, by verdict or by the end of its schedule */
	readonly dead: boolean;
	readonly durationMs: number;
	/** from receiving to the end of this attempt */
	readonly lagMs: number;
};

export type LaneOptions = {
	readonly subscriber: Subscriber;
	readonly store: EventStore;
	readonly sender: HttpSender;
	readonly clock: Clock;
	/** uniform in [0, 1) */
	readonly random: () => number;
	readonly holder: string;
	readonly tracing: Pick<Tracing, 'attempt'>;
	readonly onAttempt: (report: AttemptReport) => void;
	readonly onStoreError: (error: unknown) => void;
};

export type Lane = {
	/** Something may be due. */
	wake(): void;
	/** Claim no more, finish what is under way, at most `patienceMs`; what is cut off is due again when its lease ends. */
	stop(patienceMs: number): Promise<void>;
};

/** Ask again at least this often: a missed wake-up costs a second, not an event. */
const POLL_MS = 1000;
/** After the store refused a claim. */
const STORE_PAUSE_MS = 500;
/** How much longer than an attempt its lease lasts: the time to record it. */
const LEASE_MARGIN_MS = 15_000;
/** Waits between tries to record an attempt. All of them fit into the lease's margin, so that nobody sends it again meanwhile. */
const SETTLE_WAITS_MS = [250, 1000, 3000];
const EXCERPT_LENGTH = 300;

/**
 * The lane of one subscriber: claim what is due while a place is free, attempt, settle, again. Lanes share nothing but
 * the store, so a slow or dead subscriber holds up nobody else.
 */
export function startLane(options: LaneOptions): Lane {
	const { subscriber, store, sender, clock, holder } = options;
	const underWay = new Set<Promise<void>>();
	const halt = new AbortController();
	let [stopping, signalled] = [false, false];
	let signal: (() => void) | null = null;

	function wake(): void {
		signalled = true;
		signal?.();
	}

	/** Until woken, or until the given time of our clock. */
	async function rest(wakeAt: number | null): Promise<void> {
		if (signalled || stopping) return;
		const timer = new AbortController();
		const woken = new Promise<void>((resolve) => {
			signal = resolve;
		});
		const wait = Math.min(POLL_MS, Math.max(1, (wakeAt ?? Number.POSITIVE_INFINITY) - clock.now().getTime()));
		await Promise.race([woken, clock.sleep(wait, timer.signal).catch(() => {})]);
		signal = null;
		timer.abort();
	}

	async function run(): Promise<void> {
		while (!stopping) {
			signalled = false;
			const free = subscriber.concurrency - underWay.size;
			const claimed = free > 0 ? await claim(free) : { deliveries: [], wakeAt: null };
			for (const delivery of claimed.deliveries) track(attempt(delivery).catch(options.onStoreError));
			// A full claim means there may be more; the next place to fall free wakes us.
			await rest(claimed.wakeAt);
		}
	}

	async function claim(limit: number) {
		try {
			return await store.claim({
				subscriberId: subscriber.id,
				holder,
				concurrency: subscriber.concurrency,
				ratePerSecond: subscriber.ratePerSecond,
				order: subscriber.order,
				leaseMs: subscriber.timeoutMs + LEASE_MARGIN_MS,
				withBody: subscriber.mode === 'passthrough',
				limit,
				now: clock.now().getTime(),
			});
		} catch (error) {
			options.onStoreError(error);
			return { deliveries: [], wakeAt: clock.now().getTime() + STORE_PAUSE_MS };
		}
	}

	function track(work: Promise<void>): void {
		const tracked = work.finally(() => {
			underWay.delete(tracked);
			wake();
		});
		underWay.add(tracked);
	}

	async function attempt(delivery: ClaimedDelivery): Promise<void> {
		const startedAt = clock.now();
		const request = signDelivery(delivery, subscriber, startedAt);
		const trace = options.tracing.attempt(delivery);
		const result = await sender.post(subscriber.url, trace.carry(request), {
			timeoutMs: subscriber.timeoutMs,
			signal: halt.signal,
		});
		if (halt.signal.aborted) return trace.cutOff();
		const now = clock.now().getTime();
		const verdict = judgeResponse(result, subscriber.success, now);
		const attempts = delivery.attempts + 1;
		const outcome = follow(verdict, attempts, now);
		const settlement: Settlement = {
			eventId: delivery.eventId,
			subscriberId: delivery.subscriberId,
			lease: delivery.lease,
			attempt: {
				startedAt: startedAt.getTime(),
				durationMs: now - startedAt.getTime(),
				status: result.kind === 'answer' ? result.status : null,
				reason: verdict.reason,
				excerpt: result.kind === 'answer' && verdict.kind !== 'delivered' ? result.text.slice(0, EXCERPT_LENGTH) : '',
			},
			outcome,
			health: healthSignal(verdict),
		};
		const [dead, lagMs] = [outcome.kind === 'dead', now - delivery.receivedAt];
		trace.end({ status: settlement.attempt.status, verdict, dead, lagMs });
		tell({
			subscriberId: subscriber.id,
			eventId: delivery.eventId,
			attempt: attempts,
			verdict,
			dead,
			durationMs: settlement.attempt.durationMs,
			lagMs,
		});
		await record(settlement);
	}

	/** Who listens may fail; what was sent is recorded all the same. */
	function tell(report: AttemptReport): void {
		try {
			options.onAttempt(report);
		} catch (error) {
			options.onStoreError(error);
		}
	}

	/** Not recorded means sent again when the lease ends: at least once, never lost. A lock that passes costs no duplicate. */
	async function record(settlement: Settlement): Promise<void> {
		const leaseEndsAt = settlement.attempt.startedAt + subscriber.timeoutMs + LEASE_MARGIN_MS;
		for (const waitMs of [...SETTLE_WAITS_MS, null]) {
			try {
				return await store.settle([settlement]);
			} catch (error) {
				options.onStoreError(error);
				if (waitMs === null || halt.signal.aborted || clock.now().getTime() + waitMs >= leaseEndsAt) return;
			}
			await clock.sleep(waitMs, halt.signal).catch(() => {});
		}
	}

	function follow(verdict: Verdict, attempts: number, now: number): Settlement['outcome'] {
		switch (verdict.kind) {
			case 'delivered':
				return { kind: 'delivered' };
			case 'dead':
				return { kind: 'dead' };
			case 'pause':
				return { kind: 'pause', disable: verdict.disable };
			case 'retry': {
				const { retryAfterMs } = verdict;
				const delay = nextDelay(subscriber.retry, attempts, { random: options.random(), retryAfterMs });
				return delay === null ? { kind: 'dead' } : { kind: 'retry', dueAt: now + delay };
			}
			default:
				return verdict satisfies never;
		}
	}

	const running = run();
	return {
		wake,
		async stop(patienceMs) {
			stopping = true;
			wake();
			await running;
			const patience = new AbortController();
			await Promise.race([
				Promise.all(underWay),
				clock.sleep(patienceMs, patience.signal).then(
					() => halt.abort(),
					() => {},
				),
			]);
			await Promise.all(underWay);
			patience.abort();
		},
	};
}

/** What an attempt says of the subscriber. A body too large for it says nothing. */
function healthSignal(verdict: Verdict): HealthSignal {
	if (verdict.kind !== 'retry') return { kind: 'success' };
	const failed = verdict.reason !== 'http-429';
	if (verdict.retryAfterMs !== undefined) return { kind: 'throttle', retryAfterMs: verdict.retryAfterMs, failed };
	return failed ? { kind: 'failure' } : { kind: 'throttle', retryAfterMs: 1000, failed };
}
