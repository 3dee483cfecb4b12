import { describe, expect, test } from 'vitest';
import { eventTrace } from '../../src/trace/event-trace.ts';

describe('eventTrace', () => {
	// By `printf %s <id> | sha256sum`: the first 32 digits, then the next 16.
	test.each([
		['evt_0199ab1c2d3e00000042f3a9c1d2e4b5', 'e715d04b028198649486932b1461f315', 'a04c49a8d53fbcc7'],
		['evt_a', 'eff4ea5d5a29d2c6f9f25802b8dffbfd', 'efbeab3d77688f9d'],
	])('finds the trace of %s from its id alone', (eventId, traceId, spanId) => {
		expect(eventTrace(eventId)).toEqual({ traceId, spanId });
	});
});
