import { createHash } from 'node:crypto';
import { verifyStandardWebhook } from '@instagram-insights/core/webhook';
import { describe, expect, test } from 'vitest';
import { BEHAVIOURS, startFaultSubscriber } from '../fault-subscriber.ts';
import { pollUntil } from '../poll-until.ts';
import { APP_SECRET, commentBody } from '../start-test-relay.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { startCollector, startTracedRelay } from './otlp-collector.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ACCOUNT = '17841405309211844';
const retry = { delays: Array.from({ length: 20 }, () => '20ms'), jitter: 0 };

type Collector = Awaited<ReturnType<typeof startCollector>>;

/** The span with this name, once it has come. */
const span = (collector: Collector, name: string) =>
	pollUntil(`the span ${name}`, () => collector.spans().find((candidate) => candidate.name === name));
const spans = (collector: Collector, name: string, count: number) =>
	pollUntil(`${count} spans ${name}`, () => {
		const found = collector.spans().filter((candidate) => candidate.name === name);
		return found.length >= count ? found : null;
	});
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the trace of an event', () => {
	test("runs from Meta's POST through the commit and the event to the attempt, and into n8n", async () => {
		const [collector, n8n] = [await startCollector(), await startFaultSubscriber()];
		const relay = await startTracedRelay(collector, { subscribers: [{ id: 'n8n', url: n8n.url }] });
		await relay.post(commentBody('1'));
		const attempt = await span(collector, 'deliver n8n');
		const [receive, commit, event] = [
			await span(collector, 'POST /webhooks/instagram'),
			await span(collector, 'store.append'),
			await span(collector, 'event'),
		];

		const [delivery] = n8n.received;
		const eventId = delivery?.json.data.event_id ?? '';
		const traceId = sha256(eventId).slice(0, 32);
		expect([receive, commit, event, attempt].map((one) => [one.traceId, one.parentSpanId, one.kind])).toEqual([
			[traceId, null, 2],
			[traceId, receive.spanId, 1],
			[traceId, receive.spanId, 4],
			[traceId, event.spanId, 3],
		]);
		expect(event.spanId).toBe(sha256(eventId).slice(32, 48));
		expect(delivery?.headers.traceparent).toBe(`00-${traceId}-${attempt.spanId}-01`);

		expect(receive.attributes).toEqual({
			'http.request.method': 'POST',
			'http.route': '/webhooks/instagram',
			'http.response.status_code': 200,
			'relay.outcome': 'stored',
			'relay.events.stored': 1,
			'relay.events.duplicate': 0,
			'relay.events.changed': 0,
		});
		expect(commit.attributes).toEqual({ 'relay.commit.duration_ms': expect.any(Number) });
		expect(event.attributes).toEqual({
			'relay.event.id': eventId,
			'relay.field': 'comments',
			'relay.account.id': ACCOUNT,
		});
		expect(attempt.attributes).toEqual({
			'http.request.method': 'POST',
			'http.response.status_code': 200,
			'relay.subscriber.id': 'n8n',
			'relay.event.id': eventId,
			'relay.field': 'comments',
			'relay.account.id': ACCOUNT,
			'relay.attempt': 1,
			'relay.verdict': 'delivered',
			'relay.reason': 'ok',
			'relay.dead': false,
			'relay.lag_ms': expect.any(Number),
		});
		expect([receive, commit, event, attempt].map(({ status, links }) => [status, links])).toEqual(
			Array.from({ length: 4 }, () => [0, []]),
		);
		// A clock of milliseconds and one of microseconds stand beside each other.
		for (const { startMs, endMs } of [commit, event]) {
			expect(startMs).toBeGreaterThanOrEqual(receive.startMs);
			expect(endMs).toBeLessThanOrEqual(receive.endMs);
			expect(endMs).toBeGreaterThan(startMs);
		}
		expect(receive.resource).toMatchObject({
			'service.name': 'instagram-webhook-relay',
			'service.instance.id': expect.stringMatching(/:0$/),
		});
	});

	test('contains every attempt, each with its own span and outcome', async () => {
		const [collector, n8n] = [await startCollector(), await startFaultSubscriber(BEHAVIOURS.failing)];
		const relay = await startTracedRelay(collector, { subscribers: [{ id: 'n8n', url: n8n.url, retry }] });
		await relay.post(commentBody('1'));
		await pollUntil('two attempts', () => n8n.received.length >= 2);
		n8n.behave(BEHAVIOURS.ok);
		const delivered = await pollUntil('the delivery', () =>
			collector.spans().find(({ attributes }) => attributes['relay.verdict'] === 'delivered'),
		);
		const attempts = await spans(collector, 'deliver n8n', Number(delivered.attributes['relay.attempt']));
		const event = await span(collector, 'event');
		const [first, second] = attempts;
		expect(first).toMatchObject({
			status: 2,
			attributes: {
				'relay.attempt': 1,
				'relay.verdict': 'retry',
				'relay.reason': 'http-500',
				'error.type': 'http-500',
				'http.response.status_code': 500,
			},
		});
		expect(second?.attributes['relay.attempt']).toBe(2);
		for (const attempt of attempts) {
			expect([attempt.traceId, attempt.parentSpanId]).toEqual([event.traceId, event.spanId]);
		}
		expect(n8n.received.map(({ headers }) => headers.traceparent)).toEqual(
			attempts.map(({ spanId }) => `00-${event.traceId}-${spanId}-01`),
		);
		expect(new Set(attempts.map(({ spanId }) => spanId)).size).toBe(attempts.length);
	});

	test('continues when another relay delivers from the same store', async () => {
		const [collector, n8n, folder] = [
			await startCollector(),
			await startFaultSubscriber(BEHAVIOURS.silent),
			temporaryFolder(),
		];
		const subscribers = [{ id: 'n8n', url: n8n.url }];
		const environment = { RELAY_DRAIN_SECONDS: '0' };
		const first = await startTracedRelay(collector, { subscribers, folder, environment });
		await first.post(commentBody('1'));
		await pollUntil('the first attempt', () => n8n.received.length === 1);
		await first.stop();
		n8n.behave(BEHAVIOURS.ok);
		await startTracedRelay(collector, { subscribers, folder });
		const attempts = await spans(collector, 'deliver n8n', 2);
		const event = await span(collector, 'event');
		expect(
			attempts.map(({ traceId, parentSpanId, attributes }) => [traceId, parentSpanId, attributes['relay.verdict']]),
		).toEqual([
			[event.traceId, event.spanId, 'cut-off'],
			[event.traceId, event.spanId, 'delivered'],
		]);
	});

	test('marks an attempt without an answer with its reason', async () => {
		const [collector, n8n] = [await startCollector(), await startFaultSubscriber(BEHAVIOURS.reset)];
		const relay = await startTracedRelay(collector, {
			subscribers: [{ id: 'n8n', url: n8n.url, retry: { delays: ['1h'] } }],
		});
		await relay.post(commentBody('1'));
		const attempt = await span(collector, 'deliver n8n');
		expect([attempt.status, attempt.attributes['error.type']]).toEqual([2, 'reset']);
		expect(attempt.attributes).not.toHaveProperty('http.response.status_code');
	});

	test("marks an attempt that the relay's stop interrupted", async () => {
		const [collector, n8n] = [await startCollector(), await startFaultSubscriber(BEHAVIOURS.silent)];
		const relay = await startTracedRelay(collector, {
			subscribers: [{ id: 'n8n', url: n8n.url }],
			environment: { RELAY_DRAIN_SECONDS: '0' },
		});
		await relay.post(commentBody('1'));
		await pollUntil('the attempt', () => n8n.received.length === 1);
		await relay.stop();
		const attempt = await span(collector, 'deliver n8n');
		expect(attempt).toMatchObject({
			status: 2,
			attributes: { 'relay.verdict': 'cut-off', 'error.type': 'relay-stopped' },
		});
	});
});

describe('a receipt of several events', () => {
	test('belongs to the trace of the first event, with links to and from the others', async () => {
		const [collector, n8n] = [await startCollector(), await startFaultSubscriber()];
		const relay = await startTracedRelay(collector, { subscribers: [{ id: 'n8n', url: n8n.url }] });
		const changes = ['1', '2', '3'].map((id) => ({ field: 'comments', value: { id } }));
		await relay.post({ object: 'instagram', entry: [{ id: '7', changes }] });
		const attempts = await spans(collector, 'deliver n8n', 3);
		const receive = await span(collector, 'POST /webhooks/instagram');
		const [first, ...others] = await spans(collector, 'event', 3);

		expect(receive.attributes['relay.events.stored']).toBe(3);
		expect([first?.traceId, first?.parentSpanId, first?.links]).toEqual([receive.traceId, receive.spanId, []]);
		const place = ({ traceId, spanId }: { traceId: string; spanId: string }) => ({ traceId, spanId });
		expect(others.map(({ parentSpanId, links }) => [parentSpanId, links])).toEqual([
			[null, [place(receive)]],
			[null, [place(receive)]],
		]);
		expect(receive.links).toEqual(others.map(place));
		expect(new Set([receive, ...others].map(({ traceId }) => traceId)).size).toBe(3);
		for (const event of [first, ...others]) {
			const own = attempts.filter(({ traceId }) => traceId === event?.traceId);
			expect(own.map(({ parentSpanId }) => parentSpanId)).toEqual([event?.spanId]);
		}
	});
});

describe('a receipt that stores nothing', () => {
	test('is a separate trace when the receipt repeats an earlier one', async () => {
		const collector = await startCollector();
		const relay = await startTracedRelay(collector);
		await relay.post(commentBody('1'));
		await relay.post(commentBody('1'));
		const [first, second] = await spans(collector, 'POST /webhooks/instagram', 2);
		expect(second?.attributes).toMatchObject({
			'relay.outcome': 'duplicate',
			'relay.events.stored': 0,
			'relay.events.duplicate': 1,
		});
		expect(second?.traceId).not.toBe(first?.traceId);
		expect(collector.spans().filter(({ name }) => name === 'event')).toHaveLength(1);
	});

	test('says why the signature was refused', async () => {
		const collector = await startCollector();
		const relay = await startTracedRelay(collector);
		await relay.post(commentBody('1'), { secret: 'wrong' });
		const receive = await span(collector, 'POST /webhooks/instagram');
		expect(receive.attributes).toEqual({
			'http.request.method': 'POST',
			'http.route': '/webhooks/instagram',
			'http.response.status_code': 401,
			'relay.outcome': 'refused',
			'relay.reason': 'mismatch',
		});
		expect(receive.status).toBe(0);
		await relay.stop();
		expect(collector.spans()).toHaveLength(1);
	});

	test('says why the store did not accept it', async () => {
		const collector = await startCollector();
		const relay = await startTracedRelay(collector, { environment: { RELAY_STORE_MAX_MB: '1' } });
		const large = { ...commentBody('1'), padding: 'x'.repeat(2_000_000) };
		expect((await relay.post(large)).status).toBe(503);
		const [receive, commit] = [
			await span(collector, 'POST /webhooks/instagram'),
			await span(collector, 'store.append'),
		];
		expect(receive).toMatchObject({
			status: 2,
			attributes: {
				'http.response.status_code': 503,
				'relay.outcome': 'not_stored',
				'relay.reason': 'full',
				'error.type': 'full',
			},
		});
		expect([commit.parentSpanId, commit.status, commit.attributes]).toEqual([
			receive.spanId,
			2,
			{ 'error.type': 'full' },
		]);
	});
});

describe('the trace before the relay', () => {
	test('is linked, not continued', async () => {
		const collector = await startCollector();
		const relay = await startTracedRelay(collector);
		const before = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
		await relay.post(commentBody('1'), { headers: { traceparent: `00-${before.traceId}-${before.spanId}-01` } });
		const receive = await span(collector, 'POST /webhooks/instagram');
		expect(receive.links).toEqual([before]);
		expect(receive.traceId).not.toBe(before.traceId);
	});
});

describe('a share of the traces', () => {
	test('of 0 exports nothing, and asks n8n not to keep the trace either', async () => {
		const [collector, n8n] = [await startCollector(), await startFaultSubscriber()];
		const relay = await startTracedRelay(collector, {
			subscribers: [{ id: 'n8n', url: n8n.url }],
			environment: { OTEL_TRACES_SAMPLER_ARG: '0' },
		});
		await relay.post(commentBody('1'));
		await pollUntil('the delivery', () => n8n.received.length === 1);
		await relay.stop();
		const traceId = sha256(n8n.received[0]?.json.data.event_id ?? '').slice(0, 32);
		expect(n8n.received[0]?.headers.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
		expect(collector.bodies).toEqual([]);
	});
});

describe('what is exported', () => {
	test('contains no payload text, secret, header or URL', async () => {
		const [collector, n8n] = [await startCollector(), await startFaultSubscriber(BEHAVIOURS.failing)];
		const headers = { 'x-api-key': 'fake-header-secret' };
		const relay = await startTracedRelay(collector, {
			subscribers: [
				{ id: 'n8n', url: `${n8n.url}?key=fake-query`, secret: SECRET, headers, retry: { delays: ['20ms', '1h'] } },
				{ id: 'raw', url: n8n.url, mode: 'passthrough' },
			],
			environment: { OTEL_EXPORTER_OTLP_HEADERS: 'api-key=fake-collector-key' },
		});
		await relay.post(commentBody('17841436214263005', { text: 'a private word' }));
		await relay.post('not an envelope, a private word');
		await relay.post(commentBody('2', { text: 'a private word' }), { secret: 'wrong' });
		await spans(collector, 'deliver n8n', 2);
		await spans(collector, 'deliver raw', 2);
		await relay.stop();
		const exported = collector.bodies.join('\n');
		expect(exported).toContain('deliver raw');
		for (const text of [
			...['private', '17841436214263005', 'Error in workflow', 'not an envelope'],
			...[SECRET, SECRET.slice(6), APP_SECRET, 'fake-', 'sha256=', 'v1,', '/webhook/x', '127.0.0.1'],
		]) {
			expect(exported).not.toContain(text);
		}
		expect(collector.headers[0]).toMatchObject({ 'api-key': 'fake-collector-key' });
		expect(relay.lines.join('\n')).not.toContain('fake-collector-key');
	});

	test('does not change the signature of a delivery', async () => {
		const [collector, n8n] = [await startCollector(), await startFaultSubscriber()];
		const relay = await startTracedRelay(collector, { subscribers: [{ id: 'n8n', url: n8n.url, secret: SECRET }] });
		await relay.post(commentBody('1'));
		await pollUntil('the delivery', () => n8n.received.length === 1);
		const { headers = {}, body = '' } = n8n.received[0] ?? {};
		expect(headers.traceparent).toBeDefined();
		expect(verifyStandardWebhook({ headers, body, secrets: [SECRET], now: new Date() }).valid).toBe(true);
	});
});
