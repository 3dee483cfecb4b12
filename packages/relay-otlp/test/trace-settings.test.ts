import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readTraceSettings } from '../src/trace-settings.ts';

function read(environment: Record<string, string>) {
	const reading = readTraceSettings(environment);
	if (!reading.ok) throw new Error(reading.problems.join('\n'));
	return reading.settings;
}

describe('the environment of traces', () => {
	test('default to a collector on this machine', () => {
		expect(read({})).toEqual({
			url: 'http://localhost:4318/v1/traces',
			headers: {},
			timeoutMs: 10_000,
			resource: { 'service.name': 'instagram-webhook-relay' },
			share: 1,
			exportEveryMs: 5000,
			maxQueued: 2048,
		});
	});

	test("reads OpenTelemetry's own variables", () => {
		const settings = read({
			OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example/otlp/',
			OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20ZmFrZQ==, x-team = a',
			OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
			OTEL_SERVICE_NAME: 'relay',
			OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,deployment.environment.name=test',
			OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
			OTEL_TRACES_SAMPLER_ARG: '0.1',
			OTEL_BSP_SCHEDULE_DELAY: '500',
			OTEL_BSP_MAX_QUEUE_SIZE: '64',
		});
		expect(settings).toEqual({
			url: 'https://collector.example/otlp/v1/traces',
			headers: { authorization: 'Basic ZmFrZQ==', 'x-team': 'a' },
			timeoutMs: 2000,
			resource: { 'service.name': 'relay', 'deployment.environment.name': 'test' },
			share: 0.1,
			exportEveryMs: 500,
			maxQueued: 64,
		});
	});

	test('uses an endpoint for traces unchanged', () => {
		const settings = read({
			OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a.example',
			OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b.example/in',
		});
		expect(settings?.url).toBe('http://b.example/in');
	});

	test.each([
		['always_on', 1],
		['parentbased_always_on', 1],
		['always_off', 0],
		['traceidratio', 0.25],
	])('keeps with the sampler %s a share of %d', (sampler, share) => {
		const environment = { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: '0.25' };
		expect(read(environment)?.share).toBe(share);
	});

	test('reads the headers from a file', () => {
		const folder = mkdtempSync(join(tmpdir(), 'relay-otlp-'));
		onTestFinished(() => rmSync(folder, { recursive: true }));
		const path = join(folder, 'headers');
		writeFileSync(path, 'api-key=fake-key\n');
		expect(read({ OTEL_EXPORTER_OTLP_HEADERS_FILE: path })?.headers).toEqual({
			'api-key': 'fake-key',
		});
	});

	test('turn traces off when OpenTelemetry is disabled', () => {
		expect(read({ OTEL_SDK_DISABLED: 'true' })).toBeNull();
	});

	test('names every mistake, and no value', () => {
		const refused = () =>
			read({
				OTEL_EXPORTER_OTLP_ENDPOINT: 'fake-collector:4318',
				OTEL_EXPORTER_OTLP_HEADERS: 'fake-key',
				OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
				OTEL_TRACES_SAMPLER_ARG: '2',
			});
		for (const name of ['OTLP_ENDPOINT', 'OTLP_HEADERS', 'OTLP_PROTOCOL', 'SAMPLER_ARG']) {
			expect(refused).toThrow(`${name}: `);
		}
		expect(refused).not.toThrow('fake-');
	});
});
