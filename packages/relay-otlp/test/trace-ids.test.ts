import { describe, expect, test } from 'vitest';
import { attemptSpanId, eventTrace, readTraceparent, writeTraceparent } from '../src/trace-ids.ts';

const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];

describe('writeTraceparent', () => {
	test('writes version, trace, span and flags', () => {
		expect(writeTraceparent({ traceId, spanId, sampled: true })).toBe(
			'00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
		);
		expect(writeTraceparent({ traceId, spanId, sampled: false })).toBe(
			'00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00',
		);
	});
});

describe('readTraceparent', () => {
	test.each([
		['version 00', `00-${traceId}-${spanId}-01`, true],
		['flags of which one is sampled', `00-${traceId}-${spanId}-03`, true],
		['not sampled', `00-${traceId}-${spanId}-02`, false],
		['a later version with more at its end', `01-${traceId}-${spanId}-01-more`, true],
	])('reads %s', (_, header, sampled) => {
		expect(readTraceparent(header)).toEqual({ traceId, spanId, sampled });
	});

	test.each([
		['none', undefined],
		['version ff', `ff-${traceId}-${spanId}-01`],
		['more at the end of version 00', `00-${traceId}-${spanId}-01-more`],
		['a trace of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
		['a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
		['capital letters', `00-${traceId.toUpperCase()}-${spanId}-01`],
		['two headers', `00-${traceId}-${spanId}-01,00-${traceId}-${spanId}-01`],
		['text around it', ` 00-${traceId}-${spanId}-01`],
	])('takes nothing from %s', (_, header) => {
		expect(readTraceparent(header)).toBeNull();
	});
});

describe('eventTrace', () => {
	// By `printf %s <id> | sha256sum`: the first 32 digits, then the next 16.
	test.each([
		['evt_0199ab1c2d3e00000042f3a9c1d2e4b5', 'e715d04b028198649486932b1461f315', 'a04c49a8d53fbcc7'],
		['evt_a', 'eff4ea5d5a29d2c6f9f25802b8dffbfd', 'efbeab3d77688f9d'],
	])('finds the trace of %s from its id alone', (eventId, traceId, spanId) => {
		expect(eventTrace(eventId)).toEqual({ traceId, spanId });
	});
});

describe('attemptSpanId', () => {
	test('differs for each lease, and is the same for the same lease', () => {
		const delivery = { eventId: 'evt_a', subscriberId: 'n8n', lease: 'relay:1' };
		expect(attemptSpanId(delivery)).toMatch(/^[0-9a-f]{16}$/);
		expect(attemptSpanId({ ...delivery })).toBe(attemptSpanId(delivery));
		expect(attemptSpanId({ ...delivery, lease: 'relay:2' })).not.toBe(attemptSpanId(delivery));
	});
});
