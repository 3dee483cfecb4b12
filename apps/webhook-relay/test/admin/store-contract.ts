import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AdminStore } from '../../src/admin/admin-store.ts';
import { findEvents } from '../../src/admin/event-query.ts';
import { replay } from '../../src/admin/replay.ts';
import type { ContractOptions } from '../relay/contract.ts';
import { commentReceipt, NOON, subscriber } from '../relay/sample-receipt.ts';

const DAY = 86_400_000;

/** The rules of the admin side's port (src/admin/admin-store.ts). Every implementation runs this one suite too. */
export function describeAdminContract(name: string, options: Pick<ContractOptions, 'open'>): void {
	describe(`${name} keeps the contract of the admin side`, () => {
		let store: AdminStore;
		beforeEach(async () => {
			store = await options.open({ dedupMs: 7 * DAY });
			await store.route([subscriber('a')]);
		});
		afterEach(() => store.close());

		describe('release', () => {
			const step = { after: 0, limit: 100, now: NOON };
			const gone = async () => {
				await store.append(commentReceipt(['1', '2', '3']));
				await store.route([subscriber('b')]);
			};
			const pendingOf = async (id: string) =>
				(await store.browse.subscribers(NOON)).find(({ subscriberId }) => subscriberId === id)?.pending;

			test('drops what waits, in steps', async () => {
				await gone();
				const first = await store.release({ ...step, subscriberId: 'a', to: null, limit: 2 });
				expect(first).toMatchObject({ released: 2, left: 0, done: false });
				const second = await store.release({ ...step, subscriberId: 'a', to: null, after: first.after });
				expect(second).toMatchObject({ released: 1, done: true });
				expect(await pendingOf('a')).toBe(0);
				expect((await store.browse.events({ limit: 10 })).rows).toHaveLength(3);
			});

			test('sends it to another subscriber, once, as what it is: no replay', async () => {
				await gone();
				const to = subscriber('b');
				expect(await store.release({ ...step, subscriberId: 'a', to })).toMatchObject({ released: 3, left: 0 });
				expect(await store.release({ ...step, subscriberId: 'a', to })).toMatchObject({ released: 0 });
				expect([await pendingOf('a'), await pendingOf('b')]).toEqual([0, 3]);
				const { rows } = await store.browse.deliveries({ subscriberId: 'b', limit: 10 });
				expect(rows.map(({ replay }) => replay)).toEqual([false, false, false]);
			});

			test('leaves what the other subscriber does not want', async () => {
				await gone();
				const to = subscriber('b', { fields: ['messages'] });
				expect(await store.release({ ...step, subscriberId: 'a', to })).toMatchObject({
					released: 0,
					left: 3,
					done: true,
				});
				expect(await pendingOf('a')).toBe(3);
			});

			test('sends a body that goes as a whole once', async () => {
				await gone();
				const to = subscriber('b', { mode: 'passthrough' });
				expect(await store.release({ ...step, subscriberId: 'a', to })).toMatchObject({ released: 3, left: 0 });
				expect(await pendingOf('b')).toBe(1);
			});
		});

		describe('remember', () => {
			test('finds notes by the beginning of their names, letter by letter', async () => {
				for (const name of ['subscriber/a_b', 'subscriber/a.b', 'subscriber/A_b', 'subscriber/a%'])
					await store.remember(name, name);
				expect(await store.recall('subscriber/a_')).toEqual([{ name: 'subscriber/a_b', text: 'subscriber/a_b' }]);
				expect(await store.recall('subscriber/a%')).toHaveLength(1);
				expect(await store.recall('subscriber/')).toHaveLength(4);
			});

			test('keeps notes by name until they are removed', async () => {
				await store.remember('dismissed/silent 1', '5');
				await store.remember('dismissed/silent 1', '6');
				await store.remember('activity/1', '{}');
				expect(await store.recall('dismissed/')).toEqual([{ name: 'dismissed/silent 1', text: '6' }]);
				await store.remember('dismissed/silent 1', null);
				expect(await store.recall('')).toEqual([{ name: 'activity/1', text: '{}' }]);
			});

			test('lets one of two changes made at the same moment succeed', async () => {
				const [name, texts] = ['subscriber/n8n', ['one', 'two', 'three', 'four']];
				const racing = (before: string | null) => Promise.all(texts.map((text) => store.remember(name, text, before)));
				for (const before of [null, 'before']) {
					if (before !== null) await store.remember(name, before);
					const changed = await racing(before);
					const [winner, ...others] = texts.filter((_, index) => changed[index]);
					expect([others, await store.recall(name)]).toEqual([[], [{ name, text: winner }]]);
				}
			});

			test('removes a note only while it is the expected text', async () => {
				await store.remember('subscriber/n8n', 'new');
				expect(await store.remember('subscriber/n8n', null, 'old')).toBe(false);
				expect(await store.remember('subscriber/n8n', null, 'new')).toBe(true);
				expect(await store.recall('')).toEqual([]);
			});
		});

		describe('replay', () => {
			test('counts with dryRun and changes nothing', async () => {
				await store.append(commentReceipt(['1', '2', '3'], { text: 'Lindo!' }));
				await store.append(commentReceipt(['4']));
				const order = { subscribers: [subscriber('late')], dryRun: true };
				const count = async (given: Parameters<typeof replay>[1]) =>
					(await replay(store, given, { now: NOON })).deliveries;
				expect(await count(order)).toBe(4);
				expect(await count({ ...order, search: 'LINDO' })).toBe(3);
				const whole = { ...order, subscribers: [subscriber('late', { mode: 'passthrough' })] };
				expect(await count(whole)).toBe(2);
				expect((await store.browse.deliveries({ subscriberId: 'late', limit: 10 })).rows).toEqual([]);
				expect(await count({ ...order, dryRun: false, search: 'LINDO' })).toBe(3);
			});
		});

		describe('prune', () => {
			test('forgets accounts that were silent for as long as events are kept', async () => {
				await store.append(commentReceipt(['1'], { accountId: 'old' }));
				await store.append(commentReceipt(['2'], { accountId: 'new', receivedAt: NOON + 40 * DAY }));
				const now = NOON + 41 * DAY;
				const request = { eventsBefore: now - 30 * DAY, keysBefore: 0, knownSubscribers: [], limit: 100, now };
				for (let [cursor, done] = [0, false]; !done; ) ({ cursor, done } = await store.prune({ ...request, cursor }));
				expect((await store.browse.accounts()).map(({ accountId }) => accountId)).toEqual(['new']);
			});
		});

		describe('browse', () => {
			test('finds text in any case, also where a page of the store holds none of it', async () => {
				await store.append(commentReceipt(['1'], { text: 'Café "azul"' }));
				await store.append(commentReceipt(Array.from({ length: 600 }, (_, index) => `other-${index}`)));
				const found = async (search: string, isLate?: () => boolean) =>
					findEvents(store.browse, { search, limit: 10 }, isLate);
				expect((await found('CAFÉ')).rows).toHaveLength(1);
				expect((await found('"AZUL"')).rows).toHaveLength(1);
				expect((await found("%' OR 1=1 --")).rows).toHaveLength(0);
				// Nothing of it is plain enough for the store to look for.
				const late = await found('é', () => true);
				expect(late).toMatchObject({ rows: [], next: expect.any(Number) });
				const { eventId = '' } = (await found('café')).rows[0] ?? {};
				expect((await found(eventId.slice(4))).rows).toMatchObject([{ eventId }]);
			});

			test('shows in one look how subscribers and store stand', async () => {
				await store.append(commentReceipt(['1']));
				const { subscribers, bytes } = await store.browse.standing(NOON);
				expect(subscribers).toEqual(await store.browse.subscribers(NOON));
				expect(subscribers).toContainEqual(expect.objectContaining({ subscriberId: 'a', pending: 1, dead: 0 }));
				expect(bytes).toBeGreaterThan(0);
			});
		});
	});
}
