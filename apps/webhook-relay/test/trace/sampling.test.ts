import { openTraces } from '@instagram-insights/relay-otlp';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/cli/system-clock.ts';
import { startCollector } from './otlp-collector.ts';

/** A replica that keeps half of the traces. */
async function startHalf(collector: { readonly url: string }, instance: string) {
	const settings = { url: `${collector.url}/v1/traces`, headers: {}, timeoutMs: 1000, resource: {} };
	const tracing = openTraces(
		{ ...settings, share: 0.5, exportEveryMs: 60_000, maxQueued: 2048 },
		{ clock: systemClock, log: pino({ level: 'silent' }), instance },
	);
	onTestFinished(() => tracing.stop(1000));
	return tracing;
}

const kind = { object: 'instagram', field: 'comments', accountId: '1', sample: false };
const delivery = (eventId: string, attempts: number) => ({
	...{ ...kind, eventId, attempts, subscriberId: 'n8n', lease: `relay:${attempts}`, replay: false },
	...{ occurredAt: null, receivedAt: 0, value: '{}', body: null, signature: null },
});
const stored = (eventId: string) => ({
	...{ kind: 'stored' as const, secretName: 'instagram' },
	...{ receivedAt: Date.now(), committingMs: 1, answeredMs: 2, traceparent: undefined },
	appended: {
		stored: [{ ...kind, eventId }],
		...{ duplicates: 0, changed: 0, repeated: [], subscribers: ['n8n'], commitMs: 1 },
	},
});
const delivered = (eventId: string, attempts: number) => ({
	...{ kind: 'attempted' as const, delivery: delivery(eventId, attempts), attempt: attempts + 1, status: 200 },
	...{ verdict: { kind: 'delivered' as const, reason: 'ok' as const }, dead: false },
	...{ startedAt: Date.now(), durationMs: 1, lagMs: 1, skewMs: 0 },
});

describe('half of the traces', () => {
	// The 32 bits that the four words of a trace id make by exclusive or are below half for evt_b alone: it begins
	// 9^9^0^4 = 4, the others e^5^f^b = f, a^d^7^8 = 8 and 3^f^0^7 = b.
	test('is the same on every replica, for the receipt and for each attempt', async () => {
		const collector = await startCollector();
		const replicas = [await startHalf(collector, 'a'), await startHalf(collector, 'b')];
		const [receiving] = replicas;
		const flags = ['evt_a', 'evt_b', 'evt_c', 'evt_d'].map((eventId) => {
			receiving?.see(stored(eventId));
			return replicas.map((replica, attempts) => {
				replica.see(delivered(eventId, attempts));
				return replica.headersFor(delivery(eventId, attempts)).traceparent?.slice(-2);
			});
		});
		expect(flags).toEqual([
			['00', '00'],
			['01', '01'],
			['00', '00'],
			['00', '00'],
		]);
		for (const replica of replicas) await replica.stop(1000);
		const exported = collector
			.spans()
			.map(({ name, traceId, resource }) => [name, traceId, resource['service.instance.id']]);
		const traceId = '924e31c4983a74d60a43e38e4be626d8';
		expect(exported.toSorted()).toEqual([
			['POST /webhooks/instagram', traceId, 'a'],
			['deliver n8n', traceId, 'a'],
			['deliver n8n', traceId, 'b'],
			['event', traceId, 'a'],
			['store.append', traceId, 'a'],
		]);
	});
});
