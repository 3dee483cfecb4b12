import { describe, expect, test } from 'vitest';
import { admitted, nextHealth, type SubscriberHealth } from '../../src/relay/subscriber-health.ts';

const NOW = 1_000_000;
const healthy: SubscriberHealth = { consecutiveFailures: 0, heldUntil: 0 };
const after = (failures: number) => {
	let health = healthy;
	let now = NOW;
	for (let count = 0; count < failures; count += 1) {
		now = Math.max(now, health.heldUntil);
		health = nextHealth(health, { kind: 'failure' }, now);
	}
	return { ...health, heldMs: health.heldUntil - now };
};

describe('nextHealth', () => {
	test('holds nothing for nine failures in a row', () => {
		expect(after(9)).toMatchObject({ consecutiveFailures: 9, heldUntil: 0 });
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
		const open = nextHealth(after(9), { kind: 'failure' }, NOW);
		let later = open;
		for (let count = 0; count < 20; count += 1) later = nextHealth(later, { kind: 'failure' }, NOW + count);
		expect(later).toMatchObject({ consecutiveFailures: 10, heldUntil: NOW + 10_000 });
	});

	test('closes the circuit at one success', () => {
		expect(nextHealth(after(12), { kind: 'success' }, NOW)).toEqual(healthy);
	});

	test('waits an hour at most, whatever was asked for', () => {
		const asked = nextHealth(healthy, { kind: 'throttle', retryAfterMs: 999_999_999_000, failed: true }, NOW);
		expect(asked).toEqual({ consecutiveFailures: 1, heldUntil: NOW + 3_600_000 });
	});

	test('keeps a hold that was asked for over a success that was under way', () => {
		const asked = nextHealth(healthy, { kind: 'throttle', retryAfterMs: 5000, failed: false }, NOW);
		expect(asked).toEqual({ consecutiveFailures: 0, heldUntil: NOW + 5000 });
		expect(nextHealth(asked, { kind: 'success' }, NOW)).toEqual(asked);
	});

	test('counts a failure that asks for patience', () => {
		const health = nextHealth(after(9), { kind: 'throttle', retryAfterMs: 60_000, failed: true }, NOW);
		expect(health).toMatchObject({ consecutiveFailures: 10, heldUntil: NOW + 60_000 });
	});
});

describe('admitted', () => {
	test('lets all through while healthy, none while held', () => {
		expect(admitted(healthy, 4, 2, NOW)).toBe(4);
		expect(admitted({ ...healthy, heldUntil: NOW + 1 }, 4, 0, NOW)).toBe(0);
	});

	test('lets one probe through when the hold of an open circuit is over', () => {
		const open = { consecutiveFailures: 10, heldUntil: NOW };
		expect(admitted(open, 4, 0, NOW)).toBe(1);
		expect(admitted(open, 4, 1, NOW)).toBe(0);
	});
});
