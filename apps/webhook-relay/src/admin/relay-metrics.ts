import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Observer } from '../relay/observe.ts';
import type { Routable } from '../relay/rules.ts';
import { StoreError } from '../relay/store.ts';
import type { EventBrowser } from './admin-store.ts';

/** Pairs of field and account that get a series of their own; events of further ones count under `other`. */
const MAX_SERIES = 2000;

export type RelayMetrics = Observer & { readonly registry: Registry };

/**
 * What Prometheus reads at `/metrics`. Counters count since the start; gauges are read from the store at each scrape.
 *
 * @param now ms since 1970
 */
export function createMetrics(browse: EventBrowser, now: () => number): RelayMetrics {
	const registry = new Registry();
	const registers = [registry];
	collectDefaultMetrics({ register: registry });

	const receipts = new Counter({
		name: 'relay_receipts_total',
		help: 'POSTs to the webhook URL by outcome: stored, duplicate, refused, not_stored',
		labelNames: ['outcome', 'secret'],
		registers,
	});
	const refused = new Counter({
		name: 'relay_signatures_refused_total',
		help: 'POSTs whose signature was not accepted, by reason',
		labelNames: ['reason'],
		registers,
	});
	const handshakes = new Counter({
		name: 'relay_handshakes_total',
		help: "Meta's verification requests by outcome",
		labelNames: ['outcome'],
		registers,
	});
	const events = new Counter({
		name: 'relay_events_received_total',
		help: 'Events stored, by field and account',
		labelNames: ['field', 'account'],
		registers,
	});
	const duplicates = new Counter({
		name: 'relay_events_duplicate_total',
		help: 'Events that were stored before, by field and account',
		labelNames: ['field', 'account'],
		registers,
	});
	const changed = new Counter({
		name: 'relay_events_changed_total',
		help: 'Events stored although their key was known, because their content differs',
		registers,
	});
	const commit = new Histogram({
		name: 'relay_commit_seconds',
		help: 'Time of the transaction that stored a receipt, sync included',
		buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
		registers,
	});
	const answer = new Histogram({
		name: 'relay_answer_seconds',
		help: 'Time from the last byte of a POST to its answer',
		buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
		registers,
	});
	const attempts = new Counter({
		name: 'relay_attempts_total',
		help: 'Delivery attempts by subscriber and outcome code',
		labelNames: ['subscriber', 'outcome'],
		registers,
	});
	const dead = new Counter({
		name: 'relay_deliveries_dead_total',
		help: 'Deliveries given up, by subscriber',
		labelNames: ['subscriber'],
		registers,
	});
	const turnedAway = new Counter({
		name: 'relay_requests_turned_away_total',
		help: 'Requests that are none of the webhooks, by reason: path, admin-token, busy, connections',
		labelNames: ['reason'],
		registers,
	});
	const lag = new Histogram({
		name: 'relay_delivery_lag_seconds',
		help: 'Time from receiving an event to its delivery, by subscriber',
		labelNames: ['subscriber'],
		buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 300, 3600, 86_400],
		registers,
	});
	storeGauges(registers, browse, now);

	const series = new Set<string>();
	const countEvent = (counter: typeof events, { field, accountId: account }: Routable) => {
		const known = series.has(`${field} ${account}`);
		if (!known && series.size >= MAX_SERIES) return counter.inc({ field: 'other', account: 'other' });
		series.add(`${field} ${account}`);
		counter.inc({ field, account });
	};

	return {
		registry,
		see(happening) {
			switch (happening.kind) {
				case 'handshake':
					return handshakes.inc({ outcome: happening.outcome });
				case 'refused':
					refused.inc({ reason: happening.reason });
					return receipts.inc({ outcome: 'refused', secret: '' });
				case 'stored': {
					const { appended, secretName: secret, answeredMs } = happening;
					receipts.inc({ outcome: appended.stored.length > 0 ? 'stored' : 'duplicate', secret });
					for (const event of appended.stored) countEvent(events, event);
					for (const event of appended.repeated) countEvent(duplicates, event);
					changed.inc(appended.changed);
					commit.observe(appended.commitMs / 1000);
					return answer.observe(answeredMs / 1000);
				}
				case 'not-stored': {
					const { error } = happening;
					return receipts.inc({ outcome: 'not_stored', secret: error instanceof StoreError ? error.kind : '' });
				}
				case 'attempted': {
					const { verdict } = happening;
					const subscriber = happening.delivery.subscriberId;
					attempts.inc({ subscriber, outcome: verdict.reason });
					if (happening.dead) dead.inc({ subscriber });
					if (verdict.kind === 'delivered') lag.observe({ subscriber }, happening.lagMs / 1000);
					return;
				}
				case 'turned-away':
					return turnedAway.inc({ reason: happening.reason });
			}
		},
	};
}

function storeGauges(registers: Registry[], browse: EventBrowser, now: () => number): void {
	const labelNames = ['subscriber'];
	const waiting = new Gauge({
		name: 'relay_deliveries_pending',
		help: 'Deliveries that wait, by subscriber',
		labelNames,
		registers,
	});
	const oldest = new Gauge({
		name: 'relay_oldest_pending_seconds',
		help: 'Age of the oldest event that waits, by subscriber',
		labelNames,
		registers,
	});
	const paused = new Gauge({
		name: 'relay_subscriber_paused',
		help: '1 while paused or disabled',
		labelNames,
		registers,
	});
	const held = new Gauge({
		name: 'relay_subscriber_held',
		help: '1 while its circuit is open or it asked to wait',
		labelNames,
		registers,
	});
	const size = new Gauge({ name: 'relay_store_bytes', help: 'Size of the store', registers });
	// One read for all of them: prom-client asks each gauge, this one fills the others.
	const backlog = new Gauge({
		name: 'relay_backlog',
		help: 'Deliveries that wait, of all subscribers',
		registers,
		async collect() {
			const [subscribers, totals] = await Promise.all([browse.subscribers(now()), browse.totals(now())]);
			for (const gauge of [waiting, oldest, paused, held]) gauge.reset();
			for (const { subscriberId: subscriber, ...row } of subscribers) {
				waiting.set({ subscriber }, row.pending);
				oldest.set({ subscriber }, row.oldestPendingAt === null ? 0 : (now() - row.oldestPendingAt) / 1000);
				paused.set({ subscriber }, row.pause === null ? 0 : 1);
				held.set({ subscriber }, row.heldUntil > now() ? 1 : 0);
			}
			if (totals.bytes !== null) size.set(totals.bytes);
			backlog.set(totals.pending);
		},
	});
}
