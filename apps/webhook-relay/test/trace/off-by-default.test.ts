import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signWebhook } from '@instagram-insights/core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { killHard, startRelayProcess } from '../crash/relay-process.ts';
import { startFaultSubscriber } from '../fault-subscriber.ts';
import { freePort } from '../free-port.ts';
import { pollUntil } from '../poll-until.ts';
import { commentBody } from '../start-test-relay.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const RECORDER = new URL('record-loads.ts', import.meta.url).href;

/** Deliver one event by a relay that is a process of its own: what the subscriber got, and what the process loaded. */
async function deliverOnce(environment: Record<string, string>) {
	const [n8n, port, folder] = [await startFaultSubscriber(), await freePort(), temporaryFolder()];
	const [loadsPath, subscribersPath] = [join(folder, 'loads'), join(folder, 'subscribers.json')];
	writeFileSync(subscribersPath, JSON.stringify({ subscribers: [{ id: 'n8n', url: n8n.url }] }));
	const relay = await startRelayProcess({
		RELAY_PORT: `${port}`,
		RELAY_STORE: `sqlite:${join(folder, 'relay.db')}`,
		RELAY_SUBSCRIBERS: subscribersPath,
		META_VERIFY_TOKEN: 'fake-verify',
		META_APP_SECRETS: 'instagram:fake-ig',
		NODE_OPTIONS: `--import=${RECORDER}`,
		LOADS_PATH: loadsPath,
		...environment,
	});
	onTestFinished(() => killHard(relay));
	const { body, headers } = signWebhook(commentBody('1'), 'fake-ig');
	await fetch(`http://127.0.0.1:${port}/webhooks/instagram`, { method: 'POST', body: Buffer.from(body), headers });
	const delivery = await pollUntil('the delivery', () => n8n.received[0]);
	return { delivery, loads: readFileSync(loadsPath, 'utf8').split('\n') };
}

describe('traces', () => {
	// prom-client asks for OpenTelemetry's API, the part that does nothing by itself.
	test('are off by default: no header, and OpenTelemetry is not loaded', async () => {
		const { delivery, loads } = await deliverOnce({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
		expect(delivery.headers).not.toHaveProperty('traceparent');
		expect(loads.filter((url) => /@opentelemetry\/(?!api\/)/.test(url))).toEqual([]);
		expect(loads.some((url) => url.includes('/undici/'))).toBe(true);
	});

	test('load OpenTelemetry when they are on', async () => {
		const { delivery, loads } = await deliverOnce({
			RELAY_TRACES: 'otlp',
			OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
		});
		expect(delivery.headers).toHaveProperty('traceparent');
		expect(loads.some((url) => url.includes('@opentelemetry/sdk-trace'))).toBe(true);
	});

	test('say what to install when their package is missing', async () => {
		const relay = spawn(process.execPath, ['--conditions=@instagram-insights/source', MAIN, 'start'], {
			env: {
				...{ PATH: process.env.PATH, META_VERIFY_TOKEN: 'fake-verify', META_APP_SECRETS: 'instagram:fake-ig' },
				...{ RELAY_PORT: `${await freePort()}`, RELAY_STORE: `sqlite:${join(temporaryFolder(), 'relay.db')}` },
				...{ RELAY_TRACES: 'otlp', NODE_OPTIONS: `--import=${RECORDER}`, WITHOUT: '@instagram-insights/relay-otlp' },
				LOADS_PATH: join(temporaryFolder(), 'loads'),
			},
		});
		onTestFinished(() => killHard(relay));
		let said = '';
		relay.stderr.on('data', (chunk) => (said += chunk));
		const [code] = await once(relay, 'close');
		expect([code, said]).toEqual([1, expect.stringContaining('npm install -g @instagram-insights/relay-otlp')]);
	});
});
