import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AdminStore } from '../../../src/admin/admin-store.ts';
import { claimBy, commentReceipt, NOON } from '../sample-receipt.ts';
import {
	type ContractOptions,
	claimFrom,
	claimOne,
	DAY,
	openWithSubscriber,
	settlementOf,
	type Wanted,
} from './contract-store.ts';

/** Retention, and clocks that are wrong. */
export function describePassingTime(options: ContractOptions): void {
	describe('passing time', () => {
		let store: AdminStore;
		beforeEach(async () => {
			store = await openWithSubscriber(options);
		});
		afterEach(() => store.close());
		const claimAll = (...wanted: Wanted) => claimFrom(store, ...wanted);
		const settle = (...settled: Parameters<typeof settlementOf>) => store.settle([settlementOf(...settled)]);

		describe('prune', () => {
			const start = { cursor: 0, now: NOON + DAY, limit: 100, knownSubscribers: ['a'] };
			const all = { ...start, eventsBefore: NOON + 1, keysBefore: NOON + 1 };

			test('removes what is settled and old, with receipt, attempts and keys', async () => {
				const delivery = await claimOne(store);
				await settle(delivery, { kind: 'delivered' });
				expect(await store.prune(all)).toMatchObject({ events: 1, keys: 1, done: true });
				expect(await store.browse.event(delivery.eventId)).toBeNull();
				expect(await store.browse.totals(NOON)).toMatchObject({ events: 0, pending: 0 });
				expect(await store.append(commentReceipt(['only']))).toMatchObject({ duplicates: 0 });
			});

			test('keeps what is young', async () => {
				await settle(await claimOne(store), { kind: 'delivered' });
				expect(await store.prune({ ...start, eventsBefore: NOON, keysBefore: NOON })).toMatchObject({
					events: 0,
					keys: 0,
				});
			});

			test('never removes what a known subscriber still waits for', async () => {
				await store.append(commentReceipt(['1']));
				expect(await store.prune(all)).toMatchObject({ events: 0 });
				expect(await store.prune({ ...all, knownSubscribers: [] })).toMatchObject({ events: 1 });
			});

			test('goes in steps', async () => {
				await store.route([]);
				await store.append(commentReceipt(['1', '2', '3', '4', '5']));
				let [step, events] = [await store.prune({ ...all, limit: 2 }), 0];
				events += step.events;
				for (let count = 0; count < 10 && !step.done; count += 1) {
					step = await store.prune({ ...all, limit: 2, cursor: step.cursor });
					events += step.events;
				}
				expect(events).toBe(5);
			});
		});

		describe('after a clock that was wrong', () => {
			const prune = { cursor: 0, limit: 100, keysBefore: 0, knownSubscribers: [] };
			const comments = async () => {
				const rows = await store.browse.exportEvents({ after: 0, limit: 10 });
				return rows.map(({ value }) => JSON.parse(value).id);
			};

			test('delivers at once what came while it was ahead, a year or three hours, also after a restart', async () => {
				for (const ahead of [400 * DAY, 3 * 3_600_000]) {
					await claimAll({ now: NOON + ahead });
					await store.append(commentReceipt([`${ahead}`], { receivedAt: NOON + ahead }));
					expect(await claimAll({ now: NOON, holder: 'x' })).toHaveLength(1);
					await store.releaseLeases('x', NOON);
				}
				await claimAll({ now: NOON + 400 * DAY, limit: 1 });
				const after = await options.reopen();
				await after.releaseLeases('test', NOON + 1);
				expect((await after.claim(claimBy('a', { now: NOON + 1 }))).deliveries).toHaveLength(2);
				await after.close();
			});

			test('delivers at once what came while it was ahead, also when the store could not be changed at first', async () => {
				await claimAll({ now: NOON + 400 * DAY });
				await store.append(commentReceipt(['1', '2'], { receivedAt: NOON + 400 * DAY }));
				const accept = await options.refuseDeliveries();
				for (const now of [NOON, NOON + 1]) await expect(store.claim(claimBy('a', { now }))).rejects.toThrow();
				await accept();
				expect(await claimAll({ now: NOON + 2 })).toHaveLength(2);
			});

			test('lets a retry, a lease and a hold wait no longer than they would have', async () => {
				await store.append(commentReceipt(['1', '2'], { receivedAt: NOON - DAY }));
				const [retried, ...leased] = await claimAll({ leaseMs: 60_000 });
				if (retried !== undefined) await settle(retried, { kind: 'retry', dueAt: NOON + 5000 });
				expect(leased).toHaveLength(1);
				const back = NOON - 30 * DAY;
				expect(await store.claim(claimBy('a', { now: back }))).toMatchObject({ deliveries: [], wakeAt: back + 5000 });
				const [again] = await claimAll({ now: back + 5000 });
				expect(again?.eventId).toBe(retried?.eventId);
				const verdict = { kind: 'retry', reason: 'http-429', about: 'rate', retryAfterMs: 30_000 } as const;
				const attempt = { startedAt: back + 5000, durationMs: 0, status: 429, reason: 'http-429', excerpt: '' };
				if (again !== undefined) await settle(again, { kind: 'retry', dueAt: back }, { verdict, attempt });
				const further = NOON - 60 * DAY;
				expect(await store.claim(claimBy('a', { now: further }))).toMatchObject({ wakeAt: further + 30_000 });
				expect(await claimAll({ now: further + 60_000 })).toHaveLength(2);
			});

			test('starts deliveries at their rate again', async () => {
				await store.append(commentReceipt(['1', '2', '3'], { receivedAt: NOON - 2 * DAY }));
				expect(await claimAll({ ratePerSecond: 1 })).toHaveLength(1);
				expect(await claimAll({ ratePerSecond: 1, now: NOON - DAY })).toEqual([]);
				expect(await claimAll({ ratePerSecond: 1, now: NOON - DAY + 1000 })).toHaveLength(1);
			});

			test('keeps nothing for longer because of what came while it was ahead', async () => {
				await store.route([]);
				for (const [id, days] of [
					['old', -40],
					['ahead', 400],
					['older', -35],
					['young', 0],
				] as const) {
					await store.append(commentReceipt([id], { receivedAt: NOON + days * DAY }));
				}
				expect(await store.prune({ ...prune, now: NOON, eventsBefore: NOON - 30 * DAY })).toMatchObject({ events: 3 });
				expect(await comments()).toEqual(['young']);
				await store.append(commentReceipt(['again'], { receivedAt: NOON + 400 * DAY }));
				const [later, cut] = [NOON + 31 * DAY, NOON + DAY];
				expect(await store.prune({ ...prune, now: later, eventsBefore: cut })).toMatchObject({ events: 1 });
				expect(await comments()).toEqual(['again']);
				await store.append(commentReceipt(['now'], { receivedAt: later }));
				expect(await store.prune({ ...prune, now: later + 31 * DAY, eventsBefore: later + DAY })).toMatchObject({
					events: 2,
				});
			});

			test('removes nothing early because of what came while it was behind', async () => {
				await store.route([]);
				for (const [id, days] of [
					['old', -40],
					['behind', -400],
					['young', -10],
				] as const) {
					await store.append(commentReceipt([id], { receivedAt: NOON + days * DAY }));
				}
				expect(await store.prune({ ...prune, now: NOON, eventsBefore: NOON - 30 * DAY })).toMatchObject({ events: 1 });
				expect(await comments()).toEqual(['behind', 'young']);
			});

			test('removes nothing early while it is three hours behind, although something of long ago follows', async () => {
				await store.route([]);
				for (const [id, receivedAt] of [
					['young', NOON],
					['long ago', NOON - 400 * DAY],
					['behind', NOON - 3 * 3_600_000],
				] as const) {
					await store.append(commentReceipt([id], { receivedAt }));
				}
				const now = NOON - 3 * 3_600_000;
				expect(await store.prune({ ...prune, now, eventsBefore: now - 30 * DAY })).toMatchObject({ events: 0 });
				expect(await comments()).toEqual(['young', 'long ago', 'behind']);
			});

			test('removes nothing while it is behind, and nothing for a day after it jumped ahead', async () => {
				await store.route([]);
				await store.append(commentReceipt(['1']));
				const back = NOON - 400 * DAY;
				expect(await store.prune({ ...prune, now: back, eventsBefore: back - 30 * DAY })).toMatchObject({ events: 0 });
				await claimAll({ now: NOON });
				await claimAll({ now: NOON + 400 * DAY });
				const ahead = { now: NOON + 400 * DAY, eventsBefore: NOON + 370 * DAY };
				expect(await store.prune({ ...prune, ...ahead })).toMatchObject({ events: 0, done: true });
				// The same when it jumped while the relay was down.
				await claimAll({ now: NOON });
				const after = await options.reopen();
				await after.releaseLeases('test', NOON + 400 * DAY);
				expect(await after.prune({ ...prune, ...ahead })).toMatchObject({ events: 0, done: true });
				await after.close();
			});
		});
	});
}
