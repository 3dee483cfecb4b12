import { once } from 'node:events';
import { join } from 'node:path';
import { signWebhook } from '@instagram-insights/core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { killHard, startRelayProcess } from '../crash/relay-process.ts';
import { startFaultSubscriber } from '../fault-subscriber.ts';
import { freePort } from '../free-port.ts';
import { pollUntil } from '../poll-until.ts';
import { commentBody } from '../start-test-relay.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { startCollector, startTracedRelay } from './otlp-collector.ts';

const EVENTS = 40;
const failures = (lines: readonly string[]) => lines.filter((line) => line.includes('traces not exported'));

describe('a collector', () => {
	test.each([
		['that is not there', async () => ({ url: `http://127.0.0.1:${await freePort()}` }), 'ECONNREFUSED'],
		['that refuses', () => startCollector((response) => void response.writeHead(400).end('a private word')), '400'],
		['that never answers', () => startCollector(() => {}), 'Request timed out'],
		['that breaks off', () => startCollector((response) => void response.socket?.destroy()), 'ECONNRESET'],
	])('%s stops no delivery, and is reported once', async (_, start, reason) => {
		const n8n = await startFaultSubscriber();
		const relay = await startTracedRelay(await start(), {
			subscribers: [{ id: 'n8n', url: n8n.url }],
			environment: {
				// Shorter than the exporter's first pause before it tries again.
				OTEL_EXPORTER_OTLP_TIMEOUT: '900',
				OTEL_BSP_SCHEDULE_DELAY: '1',
				// Full after two events.
				OTEL_BSP_MAX_QUEUE_SIZE: '8',
			},
		});
		const answers: number[] = [];
		for (let id = 0; id < EVENTS; id += 1) answers.push((await relay.post(commentBody(`${id}`))).status);
		await pollUntil('all deliveries', () => n8n.received.length === EVENTS);
		const [line = ''] = await pollUntil('the line', () =>
			failures(relay.lines).length > 0 ? failures(relay.lines) : null,
		);
		await relay.stop();
		expect(answers).toEqual(Array.from({ length: EVENTS }, () => 200));
		expect(n8n.received.every(({ headers }) => headers.traceparent !== undefined)).toBe(true);
		expect(failures(relay.lines)).toHaveLength(1);
		expect(JSON.parse(line)).toMatchObject({ level: 40, spans: expect.any(Number), reason });
		expect(relay.lines.join('\n')).not.toContain('private');
	});

	test('receives later spans once it answers again', async () => {
		let isBack = false;
		const collector = await startCollector((response) => void response.writeHead(isBack ? 200 : 400).end('{}'));
		const relay = await startTracedRelay(collector);
		await relay.post(commentBody('1'));
		await pollUntil('the failure', () => failures(relay.lines).length > 0);
		isBack = true;
		const refused = collector.bodies.length;
		await relay.post(commentBody('2'));
		await pollUntil('the next traces', () => collector.bodies.length > refused);
	});
});

describe('the end of the relay', () => {
	test('exports the remaining spans', async () => {
		const [collector, n8n] = [await startCollector(), await startFaultSubscriber()];
		const relay = await startTracedRelay(collector, {
			subscribers: [{ id: 'n8n', url: n8n.url }],
			environment: { OTEL_BSP_SCHEDULE_DELAY: '600000' },
		});
		await relay.post(commentBody('1'));
		await pollUntil('the delivery', async () => (await relay.api('deliveries?state=delivered')).json.rows.length === 1);
		expect(collector.bodies).toEqual([]);
		await relay.stop();
		expect(
			collector
				.spans()
				.map(({ name }) => name)
				.sort(),
		).toEqual(['POST /webhooks/instagram', 'deliver n8n', 'event', 'store.append']);
	});

	test('waits for a silent collector no longer than the drain time', async () => {
		const collector = await startCollector(() => {});
		const port = await freePort();
		const relay = await startRelayProcess({
			RELAY_PORT: `${port}`,
			RELAY_STORE: `sqlite:${join(temporaryFolder(), 'relay.db')}`,
			META_VERIFY_TOKEN: 'fake-verify',
			META_APP_SECRETS: 'instagram:fake-ig',
			RELAY_DRAIN_SECONDS: '1',
			RELAY_TRACES: 'otlp',
			OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
			OTEL_EXPORTER_OTLP_TIMEOUT: '120000',
			OTEL_BSP_SCHEDULE_DELAY: '20',
		});
		onTestFinished(() => killHard(relay));
		const { body, headers } = signWebhook(commentBody('1'), 'fake-ig');
		await fetch(`http://127.0.0.1:${port}/webhooks/instagram`, { method: 'POST', body: Buffer.from(body), headers });
		await pollUntil('an export under way', () => collector.bodies.length > 0);
		const toldAt = performance.now();
		relay.kill('SIGTERM');
		expect(await once(relay, 'exit')).toEqual([0, null]);
		// The exporter alone would hold on for its two minutes.
		expect(performance.now() - toldAt).toBeLessThan(60_000);
	});
});
