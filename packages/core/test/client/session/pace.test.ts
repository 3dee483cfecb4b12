import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noteRateLimit, noteUsage, OPEN_PACE, type Pace, takeTurn } from '../../../src/client/session/session.ts';

const usage = (percent: number, regainMinutes = 0) => ({ percent, regainMs: regainMinutes * 60_000 });
const waits = (pace: Pace, count: number) => {
	let now = pace;
	return Array.from({ length: count }, () => {
		const turn = takeTurn(now, 0);
		now = turn.pace;
		return turn.waitMs;
	});
};

describe('takeTurn', () => {
	test('does not delay requests while nothing is known', () => {
		expect(waits(OPEN_PACE, 3)).toEqual([0, 0, 0]);
	});

	test('does not delay requests up to 80 percent', () => {
		expect(waits(noteUsage(OPEN_PACE, usage(80), 0), 3)).toEqual([0, 0, 0]);
	});

	test('spaces requests above that, up to 5 seconds', () => {
		expect(waits(noteUsage(OPEN_PACE, usage(90), 0), 3)).toEqual([0, 2500, 5000]);
		expect(waits(noteUsage(OPEN_PACE, usage(100), 0), 3)).toEqual([0, 5000, 10_000]);
		expect(waits(noteUsage(OPEN_PACE, usage(250), 0), 2)).toEqual([0, 5000]);
	});

	test('gives a batch as many slots as it has calls, up to a minute', () => {
		const slow = noteUsage(OPEN_PACE, usage(90), 0);
		expect(takeTurn(takeTurn(slow, 0, 10).pace, 0).waitMs).toBe(25_000);
		expect(takeTurn(takeTurn(slow, 0, 50).pace, 0).waitMs).toBe(60_000);
		expect(takeTurn(takeTurn(OPEN_PACE, 0, 50).pace, 0).waitMs).toBe(0);
	});

	test('speeds up again when usage falls', () => {
		const slow = noteUsage(OPEN_PACE, usage(95), 0);
		expect(waits(noteUsage(slow, usage(20), 0), 2)).toEqual([0, 0]);
	});

	test('stops until the time Meta names, in minutes', () => {
		const shut = noteUsage(OPEN_PACE, usage(100, 17), 1000);
		expect(takeTurn(shut, 1000)).toMatchObject({ waitMs: 17 * 60_000, closed: true });
		expect(takeTurn(shut, 1000 + 17 * 60_000)).toMatchObject({ waitMs: 0, closed: false });
	});

	test('stops for an hour after a refusal that names no time', () => {
		expect(takeTurn(noteRateLimit(OPEN_PACE, undefined, 0), 0)).toMatchObject({ waitMs: 3_600_000, closed: true });
		expect(takeTurn(noteRateLimit(OPEN_PACE, 60_000, 0), 0)).toMatchObject({ waitMs: 60_000, closed: true });
	});

	test('never gives two requests the same slot while it spaces them', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 81, max: 100 }),
				fc.array(fc.nat(3000), { minLength: 2, maxLength: 20 }),
				(p, steps) => {
					let pace = noteUsage(OPEN_PACE, usage(p), 0);
					let nowMs = 0;
					const starts = steps.map((step) => {
						nowMs += step;
						const turn = takeTurn(pace, nowMs);
						pace = turn.pace;
						return nowMs + turn.waitMs;
					});
					for (const [index, start] of starts.entries()) {
						if (index > 0) expect(start - (starts[index - 1] ?? 0)).toBeGreaterThanOrEqual(250);
					}
				},
			),
		);
	});
});
