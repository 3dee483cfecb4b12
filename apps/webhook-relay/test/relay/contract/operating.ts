import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AdminStore } from '../../../src/admin/admin-store.ts';
import { commentReceipt, NOON, subscriber } from '../sample-receipt.ts';
import {
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

/** Running a relay: after a restart, with other subscribers, and for the people who operate it. */
export function describeOperating(options: ContractOptions): void {
	describe('operating', () => {
		let store: AdminStore;
		beforeEach(async () => {
			store = await openWithSubscriber(options);
		});
		afterEach(() => store.close());
		const claimAll = (...wanted: Wanted) => claimFrom(store, ...wanted);
		const settle = (...settled: Parameters<typeof settlementOf>) => store.settle([settlementOf(...settled)]);

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
	});
}
