import type { Clock } from '@instagram-insights/core';
import { Counter, collectDefaultMetrics, Gauge, Histogram, type Metric, Registry } from 'prom-client';
import type { Happening, Observer } from '../relay/observe.ts';
import type { Routable } from '../relay/rules.ts';
import { StoreError } from '../relay/store.ts';
import type { AdminStore, Standing } from './admin-store.ts';

/** Maximum number of series by field and account; further ones count as `other`. */
const MAX_SERIES = 2000;
/** Longest wait of a scrape for the store. */
const PATIENCE_MS = 2000;
/** Series that start at 0: a rate over a series that starts at 1 misses the first event. */
// biome-ignore format: a table reads by columns
const FROM_ZERO = {
	notStored:  ['full', 'locked', 'read-only', 'unreachable', 'overloaded', 'lost', 'late', 'failed'],
	refused:    ['mismatch', 'missing-header', 'malformed-header', 'sha1-not-allowed', 'no-secret', 'too-old'],
	handshakes: ['accepted', 'wrong-token', 'missing-parameter', 'wrong-mode', 'repeated-parameter'],
	turnedAway: ['path', 'admin-token', 'too-large', 'busy', 'connections'],
	attempts:   ['ok', 'timeout', 'refused', 'reset', 'dns', 'tls', 'network', 'n8n-starting', 'n8n-not-registered', 'http-500'],
} as const;

export type RelayMetrics = Observer & {
	readonly registry: Registry;
	readonly contentType: string;
	/** What Prometheus reads: the counters of this process, and the state of the store now. */
	scrape(): Promise<string>;
};

export type MetricsOptions = {
	readonly store: { readonly browse: Pick<AdminStore['browse'], 'standing'>; check(): Promise<void> };
	readonly clock: Clock;
	/** the series of other subscribers end */
	readonly knownSubscribers: () => readonly string[];
	readonly secretNames: readonly string[];
};

/** What Prometheus reads at `/metrics`. Counters count since the start; gauges are read from the store at each scrape. */
export function createMetrics({ store, clock, knownSubscribers, secretNames }: MetricsOptions): RelayMetrics {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	const { see, ofSubscribers, begin } = countHappenings(registry, secretNames);
	const gauges = storeGauges(registry);
	const begun = new Set<string>();

	/** End the series of removed subscribers, and start those of new ones at 0. */
	async function follow(): Promise<void> {
		const known = new Set(knownSubscribers());
		for (const metric of ofSubscribers) {
			const { values } = await metric.get();
			for (const { labels } of values) {
				const { le: _, ...series } = labels;
				if (!known.has(String(series.subscriber))) metric.remove(series);
			}
		}
		for (const id of begun) if (!known.has(id)) begun.delete(id);
		for (const id of known) {
			if (begun.has(id)) continue;
			begun.add(id);
			await begin(id);
		}
	}

	return {
		registry,
		contentType: registry.contentType,
		see,
		async scrape() {
			await follow();
			const now = clock.now().getTime();
			const patience = new AbortController();
			const late = clock.sleep(PATIENCE_MS, patience.signal).then(
				() => null,
				() => null,
			);
			const inTime = <Result>(work: Promise<Result>) => Promise.race([work.catch(() => null), late]);
			const [standing, isUp] = await Promise.all([
				inTime(store.browse.standing(now)),
				inTime(store.check().then(() => true)),
			]);
			patience.abort();
			gauges.show(standing, { isUp: isUp === true && standing !== null, now });
			return registry.metrics();
		},
	};
}

/** The counters, and which happening counts where. */
function countHappenings(registry: Registry, secretNames: readonly string[]) {
	const registers = [registry];
	const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
		new Counter({ name, help, labelNames, registers });
	const histogram = (name: string, help: string, buckets: number[], ...labelNames: 'subscriber'[]) =>
		new Histogram({ name, help, buckets, labelNames, registers });

	// biome-ignore format: a table reads by rows
	const counted = {
		receipts:   counter('relay_receipts_total', 'POSTs to the webhook URL by outcome: stored, duplicate, refused, not_stored', 'outcome', 'secret'),
		refused:    counter('relay_signatures_refused_total', 'POSTs whose signature was not accepted, by reason', 'reason'),
		handshakes: counter('relay_handshakes_total', "Meta's verification requests by outcome", 'outcome'),
		turnedAway: counter('relay_requests_turned_away_total', 'Requests that were not read as webhooks, by reason: path, admin-token, too-large, busy, connections', 'reason'),
		events:     counter('relay_events_received_total', 'Events stored, by field and account', 'field', 'account'),
		duplicates: counter('relay_events_duplicate_total', 'Events that were stored before, by field and account', 'field', 'account'),
		changed:    counter('relay_events_changed_total', 'Events stored although their key was known, because their content differs'),
		attempts:   counter('relay_attempts_total', 'Delivery attempts by subscriber and outcome code', 'subscriber', 'outcome'),
		dead:       counter('relay_deliveries_dead_total', 'Deliveries given up, by subscriber', 'subscriber'),
		commit:     histogram('relay_commit_seconds', 'Time of the transaction that stored a receipt, sync included', [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]),
		answer:     histogram('relay_answer_seconds', 'Time from the last byte of a POST to its answer', [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]),
		lag:        histogram('relay_delivery_lag_seconds', 'Time from receiving an event to its delivery, by subscriber', [0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 300, 3600, 86_400], 'subscriber'),
	};

	for (const secret of secretNames)
		for (const outcome of ['stored', 'duplicate']) counted.receipts.inc({ outcome, secret }, 0);
	counted.receipts.inc({ outcome: 'refused', secret: '' }, 0);
	for (const secret of FROM_ZERO.notStored) counted.receipts.inc({ outcome: 'not_stored', secret }, 0);
	for (const reason of FROM_ZERO.refused) counted.refused.inc({ reason }, 0);
	for (const outcome of FROM_ZERO.handshakes) counted.handshakes.inc({ outcome }, 0);
	for (const reason of FROM_ZERO.turnedAway) counted.turnedAway.inc({ reason }, 0);

	const series = new Set<string>();
	function countEvent(events: Counter<'field' | 'account'>, { field, accountId: account }: Routable): void {
		const known = series.has(`${field} ${account}`);
		if (!known && series.size >= MAX_SERIES) return void events.inc({ field: 'other', account: 'other' });
		series.add(`${field} ${account}`);
		events.inc({ field, account });
	}

	function see(happening: Happening): void {
		if (happening.kind === 'handshake') counted.handshakes.inc({ outcome: happening.outcome });
		else if (happening.kind === 'turned-away') counted.turnedAway.inc({ reason: happening.reason });
		else if (happening.kind === 'refused') {
			counted.refused.inc({ reason: happening.reason });
			counted.receipts.inc({ outcome: 'refused', secret: '' });
		} else if (happening.kind === 'stored') {
			const { appended, secretName: secret, answeredMs } = happening;
			counted.receipts.inc({ outcome: appended.stored.length > 0 ? 'stored' : 'duplicate', secret });
			for (const event of appended.stored) countEvent(counted.events, event);
			for (const event of appended.repeated) countEvent(counted.duplicates, event);
			counted.changed.inc(appended.changed);
			counted.commit.observe(appended.commitMs / 1000);
			counted.answer.observe(answeredMs / 1000);
		} else if (happening.kind === 'not-stored') {
			const { error } = happening;
			counted.receipts.inc({ outcome: 'not_stored', secret: error instanceof StoreError ? error.kind : '' });
		} else if (happening.kind === 'attempted') {
			const { verdict } = happening;
			const subscriber = happening.delivery.subscriberId;
			counted.attempts.inc({ subscriber, outcome: verdict.reason });
			if (happening.dead) counted.dead.inc({ subscriber });
			if (verdict.kind === 'delivered') counted.lag.observe({ subscriber }, happening.lagMs / 1000);
		}
	}

	return {
		see,
		/** everything with a label `subscriber` */
		ofSubscribers: [counted.attempts, counted.dead, counted.lag] as (Metric & { remove(labels: object): void })[],
		async begin(subscriber: string): Promise<void> {
			for (const outcome of FROM_ZERO.attempts) counted.attempts.inc({ subscriber, outcome }, 0);
			counted.dead.inc({ subscriber }, 0);
			const { values } = await counted.lag.get();
			if (!values.some(({ labels }) => labels.subscriber === subscriber)) counted.lag.zero({ subscriber });
		},
	};
}

/** The state of the store; absent while it cannot be read. */
function storeGauges(registry: Registry) {
	const registers = [registry];
	const gauge = (name: string, help: string, ...labelNames: 'subscriber'[]) =>
		new Gauge({ name, help, labelNames, registers });
	// biome-ignore format: a table reads by rows
	const shown = {
		up:      gauge('relay_store_up', '1 while the store can be read and written'),
		bytes:   gauge('relay_store_bytes', 'Size of the store'),
		backlog: gauge('relay_backlog', 'Deliveries that wait, of all subscribers'),
		removed: gauge('relay_deliveries_of_removed_subscribers', 'Deliveries that wait for removed subscribers'),
		pending: gauge('relay_deliveries_pending', 'Deliveries that wait, by subscriber', 'subscriber'),
		letters: gauge('relay_dead_letters', 'Deliveries that were given up and are still stored, by subscriber', 'subscriber'),
		oldest:  gauge('relay_oldest_pending_seconds', 'Age of the oldest event that waits, by subscriber', 'subscriber'),
		paused:  gauge('relay_subscriber_paused', '1 while paused', 'subscriber'),
		held:    gauge('relay_subscriber_held', '1 while its circuit is open or it asked to wait', 'subscriber'),
	};

	return {
		show(standing: Standing | null, { isUp, now }: { isUp: boolean; now: number }): void {
			shown.up.set(isUp ? 1 : 0);
			for (const labelled of [shown.pending, shown.letters, shown.oldest, shown.paused, shown.held]) labelled.reset();
			for (const single of [shown.bytes, shown.backlog, shown.removed]) single.remove();
			if (standing === null) return;
			if (standing.bytes !== null) shown.bytes.set(standing.bytes);
			const { subscribers } = standing;
			const sum = (rows: Standing['subscribers']) => rows.reduce((total, row) => total + row.pending, 0);
			shown.backlog.set(sum(subscribers));
			shown.removed.set(sum(subscribers.filter(({ known }) => !known)));
			for (const { subscriberId: subscriber, ...row } of subscribers.filter(({ known }) => known)) {
				shown.pending.set({ subscriber }, row.pending);
				shown.letters.set({ subscriber }, row.dead);
				shown.oldest.set(
					{ subscriber },
					row.oldestPendingAt === null ? 0 : Math.max(0, now - row.oldestPendingAt) / 1000,
				);
				shown.paused.set({ subscriber }, row.pause === null ? 0 : 1);
				shown.held.set({ subscriber }, row.heldUntil > now ? 1 : 0);
			}
		},
	};
}
