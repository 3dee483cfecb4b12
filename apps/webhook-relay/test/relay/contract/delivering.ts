import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AdminStore } from '../../../src/admin/admin-store.ts';
import type { ClaimedDelivery } from '../../../src/relay/store.ts';
import { claimBy, commentReceipt, NOON, subscriber } from '../sample-receipt.ts';
import {
	AWAY,
	type ContractOptions,
	claimFrom,
	claimOne,
	commentIds,
	DAY,
	openWithSubscriber,
	REFUSED,
	settlementOf,
	type Wanted,
} from './contract-store.ts';

/** Delivering: who may try what, and what becomes of it. */
export function describeDelivering(options: ContractOptions): void {
	describe('delivering', () => {
		let store: AdminStore;
		beforeEach(async () => {
			store = await openWithSubscriber(options);
		});
		afterEach(() => store.close());
		const claimAll = (...wanted: Wanted) => claimFrom(store, ...wanted);
		const settle = (...settled: Parameters<typeof settlementOf>) => store.settle([settlementOf(...settled)]);

		describe('claim', () => {
			test('leases a delivery to one holder until the lease ends', async () => {
				await store.append(commentReceipt(['1']));
				expect(await claimAll({ holder: 'x' })).toHaveLength(1);
				expect(await claimAll({ holder: 'y', now: NOON + 59_999 })).toHaveLength(0);
				expect(await claimAll({ holder: 'y', now: NOON + 60_000 })).toHaveLength(1);
			});

			test('gives no lease a name that another process gave, though the holders are called the same', async () => {
				await store.append(commentReceipt(['1']));
				const [before] = await claimAll({ holder: 'x' });
				const other = await options.reopen();
				const { deliveries } = await other.claim(claimBy('a', { holder: 'x', now: NOON + 60_000 }));
				await other.close();
				expect(deliveries).toHaveLength(1);
				expect(deliveries[0]?.lease).not.toBe(before?.lease);
			});

			test('gives no delivery to two claims at the same moment', async () => {
				await store.append(commentReceipt(Array.from({ length: 100 }, (_, id) => `${id}`)));
				const claims = await Promise.all(
					Array.from({ length: 10 }, (_, holder) => claimAll({ holder: `${holder}`, limit: 30 })),
				);
				const ids = claims.flat().map(({ eventId }) => eventId);
				expect(ids).toHaveLength(100);
				expect(new Set(ids).size).toBe(100);
			});

			test('keeps the leases of all holders within the concurrency', async () => {
				await store.append(commentReceipt(['1', '2', '3', '4', '5']));
				expect(await claimAll({ concurrency: 3, limit: 2, holder: 'x' })).toHaveLength(2);
				expect(await claimAll({ concurrency: 3, limit: 2, holder: 'y' })).toHaveLength(1);
				expect(await claimAll({ concurrency: 3, limit: 2, holder: 'z' })).toHaveLength(0);
			});

			test('keeps the starts of all holders within the rate', async () => {
				await store.append(commentReceipt(['1', '2', '3', '4', '5', '6']));
				expect(await claimAll({ ratePerSecond: 2, holder: 'x' })).toHaveLength(2);
				const { deliveries, wakeAt } = await store.claim(claimBy('a', { ratePerSecond: 2, holder: 'y' }));
				expect(deliveries).toEqual([]);
				expect(wakeAt).toBe(NOON + 500);
				expect(await claimAll({ ratePerSecond: 2, now: NOON + 500 })).toHaveLength(1);
				expect(await claimAll({ ratePerSecond: 2, now: NOON + 10_000 })).toHaveLength(2);
			});

			test('gives what is due first, then in the order received', async () => {
				await store.append(commentReceipt(['1', '2']));
				await store.append(commentReceipt(['3'], { receivedAt: NOON - 5 }));
				const [first] = await claimAll({ limit: 1 });
				expect(JSON.parse(first?.value ?? '{}').id).toBe('3');
				expect(commentIds(await claimAll())).toEqual(['1', '2']);
			});

			test('says when asking again may give more', async () => {
				await store.append(commentReceipt(['1']));
				const { deliveries, wakeAt } = await store.claim(claimBy('a'));
				expect(wakeAt).toBe(NOON + 60_000);
				for (const delivery of deliveries) await settle(delivery, { kind: 'retry', dueAt: NOON + 5000 });
				expect(await store.claim(claimBy('a'))).toEqual({ deliveries: [], wakeAt: NOON + 5000, hold: null });
				expect(await store.claim(claimBy('nobody'))).toEqual({ deliveries: [], wakeAt: null, hold: null });
			});

			test('carries what was received', async () => {
				await store.append(commentReceipt(['17841436214263005'], { receivedAt: NOON + 1 }));
				expect(await claimAll({ now: NOON + 1 })).toMatchObject([
					{
						...{ subscriberId: 'a', attempts: 0, object: 'instagram', sample: false, replay: false },
						field: 'comments',
						accountId: '17841405309211844',
						occurredAt: 1000,
						receivedAt: NOON + 1,
						value: '{"id":"17841436214263005","text":"hi"}',
						body: null,
					},
				]);
			});

			describe("with order 'account'", () => {
				const inOrder = { order: 'account' } as const;
				beforeEach(() => store.route([subscriber('a', { order: 'account' })]));

				test('gives the oldest of each account, and the next only after it', async () => {
					await store.append(commentReceipt(['1', '2'], { accountId: 'x' }));
					await store.append(commentReceipt(['3', '4'], { accountId: 'y' }));
					const heads = await claimAll(inOrder);
					expect(commentIds(heads)).toEqual(['1', '3']);
					expect(await claimAll(inOrder)).toEqual([]);
					const [headOfX] = heads;
					if (headOfX !== undefined) await settle(headOfX, { kind: 'delivered' });
					expect(commentIds(await claimAll(inOrder))).toEqual(['2']);
				});

				test('lets nothing overtake a delivery that waits for its retry', async () => {
					await store.append(commentReceipt(['1', '2'], { accountId: 'x' }));
					for (const head of await claimAll(inOrder)) await settle(head, { kind: 'retry', dueAt: NOON + 5000 });
					expect(await claimAll({ ...inOrder, now: NOON + 4999 })).toEqual([]);
					expect(commentIds(await claimAll({ ...inOrder, now: NOON + 5000 }))).toEqual(['1']);
				});

				test('goes on after a delivery that died', async () => {
					await store.append(commentReceipt(['1', '2'], { accountId: 'x' }));
					for (const head of await claimAll(inOrder)) await settle(head, { kind: 'dead' });
					expect(commentIds(await claimAll(inOrder))).toEqual(['2']);
				});

				test('holds a replayed delivery back while a later one of its account is under way', async () => {
					await store.append(commentReceipt(['1', '2'], { accountId: 'x' }));
					const [first] = await claimAll(inOrder);
					if (first !== undefined) await settle(first, { kind: 'dead' });
					const [second] = await claimAll(inOrder);
					const rule = subscriber('a', { order: 'account' });
					await store.replay({ rule, eventIds: [first?.eventId ?? ''], after: 0, limit: 100, now: NOON });
					await store.append(commentReceipt(['3'], { accountId: 'y' }));
					expect(commentIds(await claimAll(inOrder))).toEqual(['3']);
					if (second !== undefined) await settle(second, { kind: 'delivered' });
					expect(commentIds(await claimAll(inOrder))).toEqual(['1']);
				});

				test('puts in order what came before order was asked for', async () => {
					await store.route([subscriber('a', { order: 'none' })]);
					await store.append(commentReceipt(['1', '2'], { accountId: 'x' }));
					await store.route([subscriber('a', { order: 'account' })]);
					await store.append(commentReceipt(['3'], { accountId: 'x' }));
					expect(commentIds(await claimAll(inOrder))).toEqual(['1']);
				});
			});
		});

		describe('settle', () => {
			test('ends a delivery that arrived', async () => {
				const delivery = await claimOne(store);
				await settle(delivery, { kind: 'delivered' });
				expect(await claimAll({ now: NOON + 10 * DAY })).toEqual([]);
				const detail = await store.browse.event(delivery.eventId);
				expect(detail?.deliveries).toMatchObject([{ state: 'delivered', attempts: 1, reason: 'ok', leased: false }]);
				expect(detail?.deliveries[0]?.attemptLog).toEqual([
					{ number: 1, startedAt: NOON, durationMs: 20, status: 200, reason: 'ok', excerpt: '' },
				]);
			});

			test('puts back a delivery until its retry, counting the attempt', async () => {
				await settle(await claimOne(store), { kind: 'retry', dueAt: NOON + 5000 });
				expect(await claimAll({ now: NOON + 4999 })).toEqual([]);
				expect(await claimAll({ now: NOON + 5000 })).toMatchObject([{ attempts: 1 }]);
			});

			test('keeps a dead delivery out of the claims and in sight', async () => {
				const delivery = await claimOne(store);
				await settle(delivery, { kind: 'dead' });
				expect(await claimAll({ now: NOON + 10 * DAY })).toEqual([]);
				expect((await store.browse.deliveries({ state: 'dead', limit: 10 })).rows).toMatchObject([
					{ eventId: delivery.eventId },
				]);
			});

			/** Two refusals, two minutes apart: access is refused for long. */
			const refuseForLong = async () => {
				await store.append(commentReceipt(['1', '2', '3']));
				for (const now of [NOON, NOON + 120_000]) {
					const [refused] = await claimAll({ now, limit: 1 });
					const { attempt } = settlementOf(refused as ClaimedDelivery, { kind: 'dead' }, {});
					const changes = { verdict: REFUSED, attempt: { ...attempt, startedAt: now, reason: 'http-401' } };
					if (refused !== undefined) await settle(refused, { kind: 'retry', dueAt: now + 1 }, changes);
				}
			};

			test('pauses a subscriber that refuses access for long, probes it, and ends the pause by itself', async () => {
				await refuseForLong();
				const until = NOON + 240_020;
				expect(await store.browse.subscribers(NOON)).toMatchObject([
					{ subscriberId: 'a', pause: { reason: 'http-401', by: 'relay', at: NOON + 120_020 } },
				]);
				const held = { deliveries: [], wakeAt: until, hold: { kind: 'access', until } };
				expect(await store.claim(claimBy('a', { now: until - 1 }))).toEqual(held);
				const [probe, ...others] = await claimAll({ now: until });
				expect(others).toEqual([]);
				if (probe !== undefined) await settle(probe, { kind: 'delivered' });
				expect(await claimAll({ now: until })).toHaveLength(2);
				expect(await store.browse.subscribers(NOON)).toMatchObject([{ pause: null, heldUntil: 0 }]);
			});

			test("does not end an operator's pause by a success", async () => {
				const delivery = await claimOne(store);
				await store.append(commentReceipt(['2']));
				await store.pause('a', { reason: 'maintenance', now: NOON });
				await settle(delivery, { kind: 'delivered' });
				const hold = { kind: 'operator', until: null };
				expect(await store.claim(claimBy('a'))).toEqual({ deliveries: [], wakeAt: null, hold });
			});

			test('probes from the other end after a probe that failed', async () => {
				await store.append(commentReceipt(Array.from({ length: 20 }, (_, id) => `${id}`)));
				// Due again before the second probe: they failed, so they are not the ones to probe with.
				for (const delivery of await claimAll({ limit: 10 })) {
					await settle(delivery, { kind: 'retry', dueAt: NOON + 20_000 }, { verdict: AWAY });
				}
				const [first] = await claimAll({ now: NOON + 10_020 });
				expect(commentIds(first === undefined ? [] : [first])).toEqual(['10']);
				const later = { startedAt: NOON + 10_020, durationMs: 0, status: 502, reason: 'http-502', excerpt: '' };
				const changes = { verdict: AWAY, attempt: later };
				if (first !== undefined) await settle(first, { kind: 'retry', dueAt: NOON + DAY }, changes);
				expect(commentIds(await claimAll({ now: NOON + 30_020 }))).toEqual(['19']);
			});

			test('does not put back what another holder has leased since', async () => {
				const stale = await claimOne(store);
				const [fresh] = await claimAll({ now: NOON + 60_000, holder: 'other' });
				await settle(stale, { kind: 'dead' });
				await settle(stale, { kind: 'retry', dueAt: NOON });
				expect(await claimAll({ now: NOON + 60_001 })).toEqual([]);
				if (fresh !== undefined) await settle(fresh, { kind: 'delivered' });
				expect((await store.browse.event(stale.eventId))?.deliveries).toMatchObject([{ state: 'delivered' }]);
			});

			test('counts a failure against the receiver although its lease had ended', async () => {
				await store.append(commentReceipt(Array.from({ length: 10 }, (_, id) => `${id}`)));
				const stale = await claimAll();
				const later = NOON + 60_000;
				const fresh = await claimAll({ now: later, holder: 'other' });
				expect(fresh).toHaveLength(10);
				const attempt = { startedAt: later, durationMs: 0, status: 502, reason: 'http-502', excerpt: '' };
				for (const delivery of stale) await settle(delivery, { kind: 'dead' }, { verdict: AWAY, attempt });
				const until = later + 10_000;
				expect(await store.claim(claimBy('a', { now: later }))).toMatchObject({ hold: { kind: 'circuit', until } });
				expect(await store.browse.totals(later)).toMatchObject({ pending: 10, dead: 0 });
			});

			test('counts a delivery that arrived although its lease had ended', async () => {
				const stale = await claimOne(store);
				await claimAll({ now: NOON + 60_000, holder: 'other' });
				await settle(stale, { kind: 'delivered' });
				expect(await claimAll({ now: NOON + 10 * DAY })).toEqual([]);
			});

			test('opens the circuit after ten failures in a row and then lets one probe through', async () => {
				await store.append(commentReceipt(Array.from({ length: 12 }, (_, id) => `${id}`)));
				for (const delivery of await claimAll({ limit: 10 })) {
					await settle(delivery, { kind: 'retry', dueAt: NOON }, { verdict: AWAY });
				}
				const held = await store.claim(claimBy('a', { now: NOON + 20 }));
				expect(held.deliveries).toEqual([]);
				expect(held.wakeAt).toBe(NOON + 20 + 10_000);
				expect(held.hold).toEqual({ kind: 'circuit', until: NOON + 20 + 10_000 });
				const [probe, ...others] = await claimAll({ now: NOON + 10_020 });
				expect(others).toEqual([]);
				expect(await claimAll({ now: NOON + 10_021 })).toEqual([]);
				if (probe !== undefined) await settle(probe, { kind: 'delivered' });
				expect(await claimAll({ now: NOON + 10_022 })).toHaveLength(11);
			});

			test('holds the subscriber for as long as it asked', async () => {
				await store.append(commentReceipt(['1', '2']));
				const [first] = await claimAll({ limit: 1 });
				const verdict = { kind: 'retry', reason: 'http-429', about: 'rate', retryAfterMs: 30_000 } as const;
				if (first !== undefined) await settle(first, { kind: 'retry', dueAt: NOON + 30_000 }, { verdict });
				expect(await store.claim(claimBy('a', { now: NOON + 100 }))).toEqual({
					deliveries: [],
					wakeAt: NOON + 20 + 30_000,
					hold: { kind: 'asked', until: NOON + 20 + 30_000 },
				});
				expect(await claimAll({ now: NOON + 30_020 })).toHaveLength(2);
			});

			test('survives the end of the process as soon as it has answered', async () => {
				await settle(await claimOne(store), { kind: 'delivered' });
				const after = await options.reopen();
				expect((await after.claim(claimBy('a', { now: NOON + DAY }))).deliveries).toEqual([]);
				await after.close();
			});
		});
	});
}
