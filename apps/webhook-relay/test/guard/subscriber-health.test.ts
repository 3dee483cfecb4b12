import { describe, expect, test } from 'vitest';
import { admitted, HEALTHY, nextHealth, type SubscriberHealth } from '../../src/guard/limits.ts';
import type { Verdict } from '../../src/relay/rules.ts';

const NOW = 1_000_000;
const away: Verdict = { kind: 'retry', reason: 'refused', about: 'receiver' };
const broken: Verdict = { kind: 'retry', reason: 'http-500', about: 'event' };
const refused: Verdict = { kind: 'retry', reason: 'http-401', about: 'access' };
const delivered: Verdict = { kind: 'delivered', reason: 'ok' };
const healthy: SubscriberHealth = HEALTHY;
const after = (failures: number) => {
	let health = healthy;
	let now = NOW;
	for (let count = 0; count < failures; count += 1) {
		now = Math.max(now, health.heldUntil);
		health = nextHealth(health, away, now);
	}
	return { health, heldMs: health.heldUntil - now };
};

describe('nextHealth', () => {
	test('holds nothing for nine failures in a row', () => {
		expect(after(9).health).toMatchObject({ failures: 9, heldUntil: 0 });
	});

	test.each([
		[10, 10_000],
		[11, 20_000],
		[12, 40_000],
		[15, 300_000],
		[500, 300_000],
	])('holds after %i failures, the later ones of probes, for %i ms', (failures, hold) => {
		expect(after(failures).heldMs).toBe(hold);
	});

	test('learns nothing from failures that were under way when the circuit opened', () => {
		const open = nextHealth(after(9).health, away, NOW);
		let later = open;
		for (let count = 0; count < 20; count += 1) later = nextHealth(later, away, NOW + count);
		expect(later).toMatchObject({ failures: 10, heldUntil: NOW + 10_000 });
	});

	test('closes the circuit at one success', () => {
		expect(nextHealth(after(12).health, delivered, NOW)).toEqual(healthy);
	});

	test('waits an hour at most, whatever was asked for', () => {
		const asked = nextHealth(healthy, { ...away, retryAfterMs: 999_999_999_000 }, NOW);
		expect(asked).toEqual({ ...healthy, failures: 1, heldUntil: NOW + 3_600_000 });
	});

	test('keeps a hold that was asked for over a success that was under way', () => {
		const asked = nextHealth(healthy, { kind: 'retry', reason: 'http-429', about: 'rate', retryAfterMs: 5000 }, NOW);
		expect(asked).toEqual({ ...healthy, heldUntil: NOW + 5000 });
		expect(nextHealth(asked, delivered, NOW)).toEqual(asked);
	});

	test('waits a second after a 429 that does not say how long', () => {
		const asked = nextHealth(healthy, { kind: 'retry', reason: 'http-429', about: 'rate' }, NOW);
		expect(asked).toEqual({ ...healthy, heldUntil: NOW + 1000 });
	});

	test('counts a failure that asks for patience', () => {
		const health = nextHealth(after(9).health, { ...away, retryAfterMs: 60_000 }, NOW);
		expect(health).toMatchObject({ failures: 10, heldUntil: NOW + 60_000 });
	});
});

describe('one event that the receiver cannot take', () => {
	test('holds nobody else back, however often it fails', () => {
		let health = healthy;
		for (let count = 0; count < 100; count += 1) health = nextHealth(health, broken, NOW + count);
		expect(health).toEqual(healthy);
	});

	test('shows that the receiver answers, which closes its circuit', () => {
		expect(nextHealth(after(12).health, broken, NOW)).toEqual(healthy);
	});

	test('does not make others wait for as long as it is asked to', () => {
		expect(nextHealth(healthy, { ...broken, retryAfterMs: 60_000 }, NOW)).toEqual(healthy);
	});
});

describe('refused access', () => {
	const MINUTE = 60_000;

	test('pauses nothing before it has lasted two minutes', () => {
		const since = nextHealth(healthy, refused, NOW);
		expect(since).toEqual({ ...healthy, refusedSince: NOW });
		expect(nextHealth(since, refused, NOW + 2 * MINUTE - 1)).toEqual(since);
	});

	test('pauses after two minutes, with a probe every two minutes from then on', () => {
		const paused = nextHealth({ ...healthy, refusedSince: NOW }, refused, NOW + 2 * MINUTE);
		expect(paused).toMatchObject({ paused: true, heldUntil: NOW + 4 * MINUTE });
		expect(admitted(paused, 4, 0, NOW + 4 * MINUTE)).toBe(1);
		expect(nextHealth(paused, refused, NOW + 4 * MINUTE)).toMatchObject({ paused: true, heldUntil: NOW + 6 * MINUTE });
	});

	test('begins anew after a success', () => {
		const since = nextHealth(nextHealth(healthy, refused, NOW), delivered, NOW + MINUTE);
		expect(nextHealth(since, refused, NOW + 3 * MINUTE)).toEqual({ ...healthy, refusedSince: NOW + 3 * MINUTE });
	});

	test('ends by itself with the first delivery', () => {
		const paused = { failures: 3, heldUntil: NOW, refusedSince: NOW - 5 * MINUTE, paused: true };
		expect(nextHealth(paused, delivered, NOW)).toEqual(healthy);
	});
});

describe('admitted', () => {
	test('lets all through while healthy, none while held', () => {
		expect(admitted(healthy, 4, 2, NOW)).toBe(4);
		expect(admitted({ ...healthy, heldUntil: NOW + 1 }, 4, 0, NOW)).toBe(0);
	});

	test('lets one probe through when the hold of an open circuit is over', () => {
		const open = { ...healthy, failures: 10, heldUntil: NOW };
		expect(admitted(open, 4, 0, NOW)).toBe(1);
		expect(admitted(open, 4, 1, NOW)).toBe(0);
	});
});
