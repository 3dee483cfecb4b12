import { buildRequest, revisionOf, type Subscriber } from './event.ts';
import type { Observer } from './observe.ts';
import { clockSkew, judgeAnswer, nextDelay, type Verdict } from './rules.ts';
import type { Sender } from './send.ts';
import type { Claimed, ClaimedDelivery, EventStore, Settlement } from './store.ts';

/** Time as the relay sees it: core's `Clock`. */
export type Clock = { now(): Date; sleep(ms: number, signal?: AbortSignal): Promise<void> };

export type DeliverOptions = {
	readonly store: EventStore;
	readonly clock: Clock;
	/** uniform in [0, 1) */
	readonly random: () => number;
	/** the name our leases carry; see `EventStore.releaseLeases` */
	readonly holder: string;
	/** a sender for one subscriber: connections are not shared between subscribers */
	readonly createSender: (subscriber: Subscriber) => Sender;
	readonly observer: Required<Observer>;
};

export type Deliveries = {
	/** Deliver to these subscribers from now on. Lanes of unchanged ones go on; others finish what is under way. */
	use(subscribers: readonly Subscriber[]): void;
	/** Claim no more, finish what is under way for at most `patienceMs`, then give all leases back. */
	stop(patienceMs: number): Promise<void>;
};

/** Ask the store again at least this often: a missed wake-up costs a second, not an event. */
const POLL_MS = 1000;
/** After the store refused a claim. */
const STORE_PAUSE_MS = 500;
/** How much longer than an attempt its lease lasts: the time to record it. */
const LEASE_MARGIN_MS = 15_000;
/** Waits between tries to record an attempt; all fit into the margin, so that no other claim sends it again meanwhile. */
const SETTLE_WAITS_MS = [250, 1000, 3000];
const EXCERPT_LENGTH = 300;

/** One lane per subscriber, woken by the store. Lanes share nothing else, so a slow subscriber delays no other. */
export function startDeliveries(options: DeliverOptions): Deliveries {
	const { store, clock, observer } = options;
	const lanes = new Map<string, { revision: string; lane: Lane; timeoutMs: number }>();
	const retiring = new Set<Promise<void>>();
	const failed = (error: unknown) => observer.see({ kind: 'failed', during: 'deliver', error });
	store.onDue((subscriberIds) => subscriberIds.forEach((id) => void lanes.get(id)?.lane.wake()));

	function retire(id: string, patienceMs?: number): void {
		const old = lanes.get(id);
		if (old === undefined) return;
		lanes.delete(id);
		const stopped = old.lane.stop(patienceMs ?? old.timeoutMs).catch(failed);
		const retired = stopped.finally(() => retiring.delete(retired));
		retiring.add(retired);
	}

	return {
		use(subscribers) {
			const wanted = new Set(subscribers.map(({ id }) => id));
			for (const id of [...lanes.keys()]) if (!wanted.has(id)) retire(id);
			for (const subscriber of subscribers) {
				const revision = revisionOf(subscriber);
				if (lanes.get(subscriber.id)?.revision === revision) continue;
				// The old lane's leases count against the limit in the store, so both together stay within it.
				retire(subscriber.id);
				lanes.set(subscriber.id, { revision, lane: startLane(options, subscriber), timeoutMs: subscriber.timeoutMs });
			}
		},
		async stop(patienceMs) {
			for (const id of [...lanes.keys()]) retire(id, patienceMs);
			await Promise.all(retiring);
			await store.releaseLeases(options.holder, clock.now().getTime()).catch(failed);
		},
	};
}

type Lane = { wake(): void; stop(patienceMs: number): Promise<void> };

/** Claim what is due while a place is free, attempt, settle, again. */
function startLane(options: DeliverOptions, subscriber: Subscriber): Lane {
	const { store, clock, holder, observer } = options;
	const sender = options.createSender(subscriber);
	const now = () => clock.now().getTime();
	const failed = (error: unknown) => observer.see({ kind: 'failed', during: 'deliver', error });
	const leaseMs = subscriber.timeoutMs + LEASE_MARGIN_MS;
	// No Set, see guard/http-server.ts.
	const underWay: Promise<void>[] = [];
	const halt = new AbortController();
	let stopping = false;
	let alarm = new AbortController();
	let held: string | undefined;

	const wake = () => alarm.abort();

	async function run(): Promise<void> {
		while (!stopping) {
			alarm = new AbortController();
			const free = subscriber.concurrency - underWay.length;
			// With no place free, the next attempt that ends wakes us.
			const claimed = free > 0 ? await claim(free) : null;
			for (const delivery of claimed?.deliveries ?? []) track(attempt(delivery).catch(failed));
			const waitMs = Math.max(1, (claimed?.wakeAt ?? Number.POSITIVE_INFINITY) - now());
			// Ended early by what woke us, also while we claimed.
			await clock.sleep(Math.min(POLL_MS, waitMs), alarm.signal).catch(() => {});
		}
	}

	async function claim(limit: number): Promise<Claimed | null> {
		const { id: subscriberId, concurrency, ratePerSecond, order } = subscriber;
		const limits = { concurrency, ratePerSecond, order, limit };
		try {
			const withBody = subscriber.mode === 'passthrough';
			const claimed = await store.claim({ subscriberId, holder, ...limits, leaseMs, withBody, now: now() });
			const kind = claimed.hold?.kind;
			if (kind !== held) observer.see({ kind: 'hold', subscriberId, hold: claimed.hold });
			held = kind;
			return claimed;
		} catch (error) {
			failed(error);
			return { deliveries: [], wakeAt: now() + STORE_PAUSE_MS, hold: null };
		}
	}

	function track(work: Promise<void>): void {
		const tracked = work.finally(() => {
			underWay.splice(underWay.indexOf(tracked), 1);
			wake();
		});
		underWay.push(tracked);
	}

	async function attempt(delivery: ClaimedDelivery): Promise<void> {
		const began = clock.now();
		const startedAt = began.getTime();
		const request = buildRequest(delivery, subscriber, began);
		const headers = { ...request.headers, ...observer.headersFor(delivery) };
		const limits = { timeoutMs: subscriber.timeoutMs, signal: halt.signal };
		const result = await sender.post(subscriber.url, { ...request, headers }, limits);
		const [endedAt, attempt] = [now(), delivery.attempts + 1];
		const times = { startedAt, durationMs: endedAt - startedAt };
		const answer = result.kind === 'answer' ? result : null;
		if (answer === null && halt.signal.aborted) return observer.see({ kind: 'cut-off', delivery, ...times });
		const verdict = judgeAnswer(result, subscriber.success, endedAt);
		const outcome = outcomeOf(verdict, attempt, endedAt);
		const [status, dead] = [answer?.status ?? null, outcome.kind === 'dead'];
		const [lagMs, skewMs] = [endedAt - delivery.receivedAt, clockSkew(answer?.date ?? null, endedAt)];
		observer.see({ kind: 'attempted', delivery, attempt, status, verdict, dead, ...times, lagMs, skewMs });
		const excerpt = verdict.kind === 'delivered' ? '' : (answer?.text.slice(0, EXCERPT_LENGTH) ?? '');
		const { eventId, subscriberId, lease } = delivery;
		const record = { ...times, status, reason: verdict.reason, excerpt };
		await settle({ eventId, subscriberId, lease, attempt: record, verdict, outcome });
	}

	/** The verdict judges one answer, the outcome decides about the delivery. The store decides what follows for the subscriber. */
	function outcomeOf(verdict: Verdict, attempts: number, endedAt: number): Settlement['outcome'] {
		if (verdict.kind !== 'retry') return { kind: verdict.kind };
		const { retryAfterMs, about } = verdict;
		const delay = nextDelay(subscriber.retry, attempts, { random: options.random(), retryAfterMs, about });
		return delay === null ? { kind: 'dead' } : { kind: 'retry', dueAt: endedAt + delay };
	}

	/** Not recorded means sent again when the lease ends: at least once, never lost. A lock that passes costs no duplicate. */
	async function settle(settlement: Settlement): Promise<void> {
		const leaseEndsAt = settlement.attempt.startedAt + leaseMs;
		for (const waitMs of [...SETTLE_WAITS_MS, null]) {
			try {
				return await store.settle([settlement]);
			} catch (error) {
				failed(error);
				if (waitMs === null || halt.signal.aborted || now() + waitMs >= leaseEndsAt) return;
			}
			await clock.sleep(waitMs, halt.signal).catch(() => {});
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
			void clock
				.sleep(patienceMs, patience.signal)
				.then(() => halt.abort())
				.catch(() => {});
			await Promise.all(underWay);
			patience.abort();
			await sender.close();
		},
	};
}
