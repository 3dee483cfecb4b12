import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createActivity } from '../../src/admin/activity.ts';
import type { Happening } from '../../src/relay/observe.ts';

const [MINUTE, HOUR] = [60_000, 3_600_000];
const START = Date.parse('2026-11-27T12:00:00Z');

/** Notes as the stores keep them. */
function notes() {
	const kept = new Map<string, string>();
	return {
		kept,
		remember: async (name: string, text: string | null) =>
			text === null ? kept.delete(name) : kept.set(name, text).has(name),
		recall: async (prefix: string) =>
			[...kept].filter(([name]) => name.startsWith(prefix)).map(([name, text]) => ({ name, text })),
	};
}
const stored = (events: number) =>
	({ kind: 'stored', appended: { stored: new Array(events) } }) as unknown as Happening;
const attempted = (kind: string) => ({ kind: 'attempted', verdict: { kind } }) as unknown as Happening;
const total = (series: readonly number[]) => series.reduce((sum, part) => sum + part, 0);

describe('createActivity', () => {
	test('counts events received, deliveries and failed attempts in their minute', async () => {
		let now = START;
		const activity = createActivity(notes(), () => now);
		activity.see(stored(3));
		activity.see(attempted('delivered'));
		activity.see(attempted('retry'));
		activity.see(attempted('dead'));
		now += 2 * MINUTE;
		activity.see(stored(1));
		const { hour, day } = await activity.read();
		expect([hour.received.slice(-3), hour.delivered.slice(-3), hour.failed.slice(-3)]).toEqual([
			[3, 0, 1],
			[1, 0, 0],
			[2, 0, 0],
		]);
		expect([hour.startedAt, hour.stepMs, hour.received.length]).toEqual([START - 57 * MINUTE, MINUTE, 60]);
		expect([day.stepMs, day.received.length, day.received.at(-1)]).toEqual([30 * MINUTE, 48, 4]);
	});

	test('includes counts of other processes, and of this one before a restart', async () => {
		const store = notes();
		const [first, second] = [createActivity(store, () => START), createActivity(store, () => START)];
		first.see(stored(2));
		second.see(stored(5));
		await first.save();
		await second.save();
		first.see(stored(1));
		await first.save();
		for (const activity of [first, second, createActivity(store, () => START)]) {
			expect(total((await activity.read()).hour.received)).toBe(8);
		}
	});

	test('forgets what is older than the chart', async () => {
		const store = notes();
		let now = START;
		const activity = createActivity(store, () => now);
		activity.see(stored(2));
		await activity.save();
		now += 27 * HOUR;
		expect(total((await createActivity(store, () => now).read()).day.received)).toBe(0);
		expect(store.kept.size).toBe(0);
	});

	test('saves nothing while nothing happens, and retries a failed save', async () => {
		let isBroken = true;
		const store = notes();
		const remember = async (name: string, text: string | null) => {
			if (isBroken) throw new Error('the store is locked');
			return store.remember(name, text);
		};
		const activity = createActivity({ ...store, remember }, () => START);
		await activity.save();
		activity.see(stored(1));
		await expect(activity.save()).rejects.toThrow('locked');
		isBroken = false;
		await activity.save();
		expect(store.kept.size).toBe(1);
	});

	test('counts each event of the last day in exactly one part of a chart', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.nat(23 * 60)), fc.nat(29), async (ages, shift) => {
				const end = START + shift * MINUTE;
				let now = end;
				const activity = createActivity(notes(), () => now);
				for (const age of ages.toSorted((a, b) => b - a)) {
					now = end - age * MINUTE;
					activity.see(stored(1));
				}
				now = end;
				const { hour, day } = await activity.read();
				expect(total(day.received)).toBe(ages.length);
				expect(total(hour.received)).toBe(ages.filter((age) => age < 60).length);
			}),
			{ numRuns: 50 },
		);
	});
});
