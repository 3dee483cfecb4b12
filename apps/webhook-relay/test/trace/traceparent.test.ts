import { describe, expect, test } from 'vitest';
import { readTraceparent, writeTraceparent } from '../../src/trace/traceparent.ts';

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
