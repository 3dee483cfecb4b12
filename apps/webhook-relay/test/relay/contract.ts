import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AdminStore } from '../../src/admin/admin-store.ts';
import type { ClaimedDelivery, Settlement } from '../../src/relay/store.ts';
import { claimBy, commentReceipt, NOON, subscriber } from './sample-receipt.ts';

export type ContractOptions = {
	/** A new, empty store that recognises repetitions for `dedupMs`. */
	open(options: { dedupMs: number }): Promise<AdminStore>;
	/** The same store again, after its process was gone without closing it. */
	reopen(): Promise<AdminStore>;
	/** Make every change of a delivery fail, until the returned function is called. */
	refuseDeliveries(): Promise<() => Promise<void>>;
	/** Hide this table as another program could, until the returned function is called. */
	hideTable(name: string): Promise<() => Promise<void>>;
};

const DAY = 86_400_000;
const DEDUP_MS = 7 * DAY;

/** The receiver is away; it refuses access. */
const AWAY = { kind: 'retry', reason: 'http-502', about: 'receiver' } as const;
const REFUSED = { kind: 'retry', reason: 'http-401', about: 'access' } as const;

/** The rules of the port (src/relay/store.ts). Every implementation runs this one suite. */
export function describeStoreContract(name: string, options: ContractOptions): void {
	describe(`${name} keeps the contract of AdminStore`, () => {
		let store: AdminStore;
		beforeEach(async () => {
			store = await options.open({ dedupMs: DEDUP_MS });
			await store.route([subscriber('a')]);
		});
		afterEach(() => store.close());

		const claimAll = async (changes: Parameters<typeof claimBy>[1] = {}, id = 'a') =>
			(await store.claim(claimBy(id, changes))).deliveries;
		const settle = (delivery: ClaimedDelivery, outcome: Settlement['outcome'], changes: Partial<Settlement> = {}) =>
			store.settle([settlementOf(delivery, outcome, changes)]);
		const commentIds = (deliveries: readonly ClaimedDelivery[]) => deliveries.map(({ value }) => JSON.parse(value).id);

		describe('append', () => {
			test('stores each event of a batch once, in order, with a delivery for each subscriber that wants it', async () => {
				await store.route([
					subscriber('a'),
					subscriber('b', { fields: ['messages'] }),
					subscriber('c', { accounts: ['17841405309211844'] }),
				]);
				const appended = await store.append(commentReceipt(['1', '2', '3']));
				expect(appended).toMatchObject({ duplicates: 0, changed: 0, subscribers: ['a', 'c'] });
				expect(appended.stored.map(({ field, accountId }) => [field, accountId])).toEqual(
					Array.from({ length: 3 }, () => ['comments', '17841405309211844']),
				);
				expect(commentIds(await claimAll())).toEqual(['1', '2', '3']);
				expect(commentIds(await claimAll({}, 'b'))).toEqual([]);
				expect(commentIds(await claimAll({}, 'c'))).toEqual(['1', '2', '3']);
			});

			test('gives every event an id of its own', async () => {
				const { stored } = await store.append(commentReceipt(Array.from({ length: 1000 }, (_, id) => `${id}`)));
				expect(new Set(stored.map(({ eventId }) => eventId)).size).toBe(1000);
			});

			test('knows an event again, whatever else its receipt holds', async () => {
				await store.append(commentReceipt(['1', '2']));
				const again = await store.append(commentReceipt(['2', '3'], { receivedAt: NOON + DAY }));
				expect(again).toMatchObject({
					duplicates: 1,
					repeated: [{ field: 'comments', accountId: '17841405309211844', sample: false }],
					subscribers: ['a'],
				});
				expect(again.stored).toHaveLength(1);
				expect(commentIds(await claimAll({ now: NOON + DAY }))).toEqual(['1', '2', '3']);
			});

			test('knows an event again inside one receipt', async () => {
				expect(await store.append(commentReceipt(['1', '1']))).toMatchObject({ duplicates: 1 });
			});

			test('stores an event once of many appends at the same moment', async () => {
				const appends = await Promise.all(Array.from({ length: 50 }, () => store.append(commentReceipt(['1']))));
				expect(appends.flatMap(({ stored }) => stored)).toHaveLength(1);
				expect(appends.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(49);
			});

			test('forgets an event after the dedup time, and not before', async () => {
				await store.append(commentReceipt(['1']));
				const just = await store.append(commentReceipt(['1'], { receivedAt: NOON + DEDUP_MS - 1 }));
				expect(just.duplicates).toBe(1);
				const past = await store.append(commentReceipt(['1'], { receivedAt: NOON + DEDUP_MS }));
				expect(past).toMatchObject({ duplicates: 0, changed: 0 });
			});

			test('stores the same key with other content, and counts it', async () => {
				await store.append(commentReceipt(['1'], { text: 'before' }));
				const changed = await store.append(commentReceipt(['1'], { text: 'after' }));
				expect(changed).toMatchObject({ duplicates: 0, changed: 1 });
				expect(await claimAll()).toHaveLength(2);
			});

			test('keeps a body that cannot be read, as it came', async () => {
				const { stored } = await store.append({ ...commentReceipt([]), body: Buffer.from('{"é').toString('latin1') });
				expect(stored).toMatchObject([{ field: 'unreadable' }]);
				const payload = await store.browse.payload(stored[0]?.eventId ?? '');
				expect(Buffer.from(payload?.body ?? []).toString()).toBe('{"é');
				expect(payload?.value).toBe(JSON.stringify('{"é'));
			});

			test('makes one delivery of a body that passes through whole', async () => {
				await store.route([subscriber('p', { mode: 'passthrough', fields: ['comments'] })]);
				const receipt = commentReceipt(['1', '2', '3'], { signature: 'sha256=ab' });
				await store.append(receipt);
				const [delivery, ...more] = await claimAll({ withBody: true }, 'p');
				expect(more).toEqual([]);
				expect(Buffer.from(delivery?.body ?? []).toString('latin1')).toBe(receipt.body);
				expect(delivery?.signature).toBe('sha256=ab');
				const { attempts, lease, subscriberId, ...carried } = delivery ?? expect.fail();
				expect(await store.browse.payload(carried.eventId)).toEqual(carried);
			});

			test('survives the end of the process as soon as it has answered', async () => {
				await store.append(commentReceipt(['1', '2']));
				const after = await options.reopen();
				expect((await after.claim(claimBy('a'))).deliveries).toHaveLength(2);
				expect(await after.append(commentReceipt(['1']))).toMatchObject({ duplicates: 1 });
				await after.close();
			});
		});

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

		describe('releaseLeases', () => {
			test("makes a holder's leases due at once and leaves those of others", async () => {
				await store.append(commentReceipt(['1', '2']));
				await claimAll({ holder: 'gone', limit: 1 });
				await claimAll({ holder: 'gone-not', limit: 1 });
				await store.releaseLeases('gone', NOON + 1);
				expect(commentIds(await claimAll({ now: NOON + 1 }))).toEqual(['1']);
			});
		});

		describe('route', () => {
			test('keeps the deliveries of a subscriber that is no longer named until it is back', async () => {
				await store.append(commentReceipt(['1']));
				await store.route([]);
				await store.append(commentReceipt(['2']));
				await store.route([subscriber('a')]);
				expect(commentIds(await claimAll())).toEqual(['1']);
			});

			test('resumes what the relay paused when the settings changed, and nothing else', async () => {
				await store.append(commentReceipt(['1']));
				const refused = await claimAll();
				for (const startedAt of [NOON, NOON + 120_000]) {
					const attempt = { startedAt, durationMs: 0, status: 401, reason: 'http-401', excerpt: '' };
					for (const delivery of refused) {
						await settle(delivery, { kind: 'retry', dueAt: NOON }, { verdict: REFUSED, attempt });
					}
				}
				await store.route([subscriber('a')]);
				expect(await claimAll({ now: NOON + 120_001 })).toEqual([]);
				await store.route([subscriber('a', { revision: '2' })]);
				expect(await claimAll({ now: NOON + 120_001 })).toHaveLength(1);
			});

			test("does not end an operator's pause", async () => {
				await store.append(commentReceipt(['1']));
				await store.pause('a', { reason: 'maintenance', now: NOON });
				await store.route([subscriber('a', { revision: '2' })]);
				expect(await claimAll()).toEqual([]);
				expect(await store.browse.subscribers(NOON)).toMatchObject([
					{ subscriberId: 'a', known: true, pending: 1, pause: { reason: 'maintenance', by: 'operator', at: NOON } },
				]);
			});
		});

		describe('lastList', () => {
			test('gives the list last routed with its text, over the end of the process', async () => {
				expect(await store.lastList()).toBeNull();
				await store.route([subscriber('a')], '{"subscribers":[]}');
				await store.route([subscriber('a')]);
				const after = await options.reopen();
				expect(await after.lastList()).toBe('{"subscribers":[]}');
				await after.close();
			});
		});

		describe('replay', () => {
			const request = { rule: subscriber('a'), after: 0, limit: 100, now: NOON + DAY } as const;
			const late = { ...request, rule: subscriber('late') };

			test('makes a settled delivery pending again under the same event id', async () => {
				const delivery = await claimOne(store);
				await settle(delivery, { kind: 'dead' });
				expect(await store.replay({ ...request, eventIds: [delivery.eventId] })).toMatchObject({
					replayed: 1,
					done: true,
				});
				expect(await claimAll({ now: NOON + DAY })).toMatchObject([
					{ eventId: delivery.eventId, attempts: 0, replay: true },
				]);
			});

			test('makes deliveries for a subscriber that came later, by field, account and time', async () => {
				await store.append(commentReceipt(['1'], { receivedAt: NOON - 1 }));
				await store.append(commentReceipt(['2'], { receivedAt: NOON }));
				await store.append(commentReceipt(['3'], { receivedAt: NOON, accountId: 'other' }));
				await store.append(commentReceipt(['4'], { receivedAt: NOON + 1 }));
				await store.route([subscriber('a'), subscriber('late')]);
				const filter = { since: NOON, until: NOON + 1, fields: ['comments'], accounts: ['17841405309211844'] };
				expect(await store.replay({ ...late, ...filter })).toMatchObject({
					replayed: 1,
					done: true,
				});
				expect(commentIds(await claimAll({ now: NOON + DAY }, 'late'))).toEqual(['2']);
				expect(await store.replay({ ...late, fields: ['messages'] })).toMatchObject({
					replayed: 0,
				});
			});

			test('takes only deliveries in the asked state', async () => {
				await store.append(commentReceipt(['1', '2', '3']));
				const [one, two] = await claimAll();
				if (one !== undefined) await settle(one, { kind: 'dead' });
				if (two !== undefined) await settle(two, { kind: 'delivered' });
				expect(await store.replay({ ...request, state: 'dead' })).toMatchObject({ replayed: 1 });
				expect(commentIds(await claimAll({ now: NOON + DAY }))).toContain('1');
			});

			test('gives a sample of the Test button to a subscriber of other accounts, at once and by a replay', async () => {
				const rule = subscriber('late', { accounts: ['7'] });
				await store.route([subscriber('a', { accounts: ['7'] })]);
				await store.append(commentReceipt(['1'], { accountId: '0' }));
				await store.append(commentReceipt(['2']));
				expect(commentIds(await claimAll())).toEqual(['1']);
				await store.route([subscriber('a'), rule]);
				expect(await store.replay({ ...late, rule })).toMatchObject({ replayed: 1 });
				expect(await claimAll({ now: NOON + DAY }, 'late')).toMatchObject([{ accountId: '0', sample: true }]);
			});

			test('gives nobody an event that its own rule does not want, named by its id or not', async () => {
				const { eventId } = await claimOne(store);
				const rule = subscriber('late', { fields: ['messages'], accounts: ['7'] });
				await store.route([subscriber('a'), rule]);
				expect(await store.replay({ ...request, rule, eventIds: [eventId] })).toMatchObject({ replayed: 0 });
				expect(await store.replay({ ...request, rule, since: 0 })).toMatchObject({ replayed: 0 });
			});

			test('goes in steps', async () => {
				await store.append(commentReceipt(['1', '2', '3', '4', '5']));
				await store.route([subscriber('late')]);
				let [step, replayed] = [{ after: 0, done: false, replayed: 0 }, 0];
				for (let count = 0; count < 10 && !step.done; count += 1) {
					step = await store.replay({ ...late, limit: 2, after: step.after });
					replayed += step.replayed;
				}
				expect(replayed).toBe(5);
			});

			test('sends a body that passes through once', async () => {
				await store.append(commentReceipt(['1', '2', '3']));
				const rule = subscriber('late', { mode: 'passthrough' });
				await store.route([rule]);
				expect(await store.replay({ ...request, rule })).toMatchObject({
					replayed: 1,
				});
			});
		});

		describe('onDue', () => {
			test('tells of subscribers that got deliveries', async () => {
				const reported: string[] = [];
				store.onDue((ids) => reported.push(...ids));
				await store.append(commentReceipt(['1']));
				await expect.poll(() => reported).toContain('a');
			});
		});

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

		describe('browse', () => {
			test('lists events newest first, in pages', async () => {
				await store.append(commentReceipt(['1', '2', '3']));
				const first = await store.browse.events({ limit: 2 });
				const second = await store.browse.events({ limit: 2, before: first.next ?? 0 });
				expect([...first.rows, ...second.rows].map(({ seq }) => seq)).toEqual([3, 2, 1]);
				expect(second.next).toBeNull();
				expect(first.rows[0]).toMatchObject({ field: 'comments', pending: 1, delivered: 0, dead: 0 });
			});

			test('finds by field, account, time, state and subscriber', async () => {
				await store.append(commentReceipt(['1'], { text: 'café' }));
				await store.append(commentReceipt(['2'], { accountId: 'other', receivedAt: NOON + 5 }));
				const count = async (filter: object) => (await store.browse.events({ limit: 10, ...filter })).rows.length;
				expect(await count({})).toBe(2);
				expect(await count({ fields: ['comments'] })).toBe(2);
				expect(await count({ fields: ['messages'] })).toBe(0);
				expect(await count({ accounts: ['other'] })).toBe(1);
				expect(await count({ since: NOON + 5 })).toBe(1);
				expect(await count({ until: NOON + 5 })).toBe(1);
				expect(await count({ state: 'pending', subscriberId: 'a' })).toBe(2);
				expect(await count({ state: 'dead' })).toBe(0);
				expect(await count({ subscriberId: 'nobody' })).toBe(0);
			});

			test('never parts the deliveries of an event over two pages', async () => {
				await store.route([subscriber('a'), subscriber('b'), subscriber('c')]);
				await store.append(commentReceipt(['1', '2']));
				const first = await store.browse.deliveries({ limit: 4 });
				const second = await store.browse.deliveries({ limit: 4, before: first.next ?? 0 });
				expect([first, second].map(({ rows }) => rows.map(({ subscriberId }) => subscriberId).join(''))).toEqual([
					'abc',
					'abc',
				]);
			});

			test('tells totals, accounts and the oldest that waits', async () => {
				await store.append(commentReceipt(['1', '2'], { receivedAt: NOON - 5 }));
				await store.append(commentReceipt(['3']));
				expect(await store.browse.totals(NOON)).toMatchObject({
					events: 3,
					pending: 3,
					dead: 0,
					oldestPendingAt: NOON - 5,
				});
				expect(await store.browse.accounts()).toEqual([
					{ accountId: '17841405309211844', field: 'comments', events: 3, lastReceivedAt: NOON },
				]);
				expect(await store.browse.subscribers(NOON)).toMatchObject([
					{ subscriberId: 'a', pending: 3, oldestPendingAt: NOON - 5 },
				]);
			});

			test('exports events oldest first', async () => {
				await store.append(commentReceipt(['1', '2', '3']));
				const rows = await store.browse.exportEvents({ after: 1, limit: 10 });
				expect(rows.map(({ seq, value }) => [seq, JSON.parse(value).id])).toEqual([
					[2, '2'],
					[3, '3'],
				]);
			});
		});

		describe('check', () => {
			test('leaves nothing', async () => {
				await expect(store.check()).resolves.toBeUndefined();
				expect(await store.browse.totals(NOON)).toMatchObject({ events: 0, pending: 0 });
				expect(await store.browse.accounts()).toEqual([]);
				expect(await store.append(commentReceipt(['1']))).toMatchObject({ duplicates: 0, stored: [{}] });
			});

			test.each(['receipt', 'event', 'delivery', 'seen', 'account_field'])(
				'rejects while append does because the table %s is missing, and no longer',
				async (table) => {
					const show = await options.hideTable(table);
					await expect(store.append(commentReceipt(['1']))).rejects.toMatchObject({ kind: 'failed' });
					await expect(store.check()).rejects.toMatchObject({ kind: 'failed' });
					await show();
					await expect(store.check()).resolves.toBeUndefined();
					expect(await store.append(commentReceipt(['1']))).toMatchObject({ duplicates: 0, stored: [{}] });
				},
			);
		});
	});
}

async function claimOne(store: AdminStore): Promise<ClaimedDelivery> {
	await store.append(commentReceipt(['only']));
	const [delivery] = (await store.claim(claimBy('a'))).deliveries;
	if (delivery === undefined) throw new Error('nothing to claim');
	return delivery;
}

function settlementOf(
	delivery: ClaimedDelivery,
	outcome: Settlement['outcome'],
	changes: Partial<Settlement>,
): Settlement {
	const delivered = outcome.kind === 'delivered';
	return {
		eventId: delivery.eventId,
		subscriberId: delivery.subscriberId,
		lease: delivery.lease,
		attempt: {
			startedAt: NOON,
			durationMs: 20,
			status: delivered ? 200 : 500,
			reason: delivered ? 'ok' : 'http-500',
			excerpt: delivered ? '' : 'oops',
		},
		outcome,
		verdict: delivered ? { kind: 'delivered', reason: 'ok' } : { kind: 'retry', reason: 'http-500', about: 'event' },
		...changes,
	};
}
