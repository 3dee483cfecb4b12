import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AdminStore } from '../../../src/admin/admin-store.ts';
import { claimBy, commentReceipt, NOON, subscriber } from '../sample-receipt.ts';
import {
	type ContractOptions,
	claimFrom,
	commentIds,
	DAY,
	DEDUP_MS,
	openWithSubscriber,
	type Wanted,
} from './contract-store.ts';

/** Receiving: what is stored, once, with its deliveries. */
export function describeReceiving(options: ContractOptions): void {
	describe('receiving', () => {
		let store: AdminStore;
		beforeEach(async () => {
			store = await openWithSubscriber(options);
		});
		afterEach(() => store.close());
		const claimAll = (...wanted: Wanted) => claimFrom(store, ...wanted);

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

		describe('onDue', () => {
			test('tells of subscribers that got deliveries', async () => {
				const reported: string[] = [];
				store.onDue((ids) => reported.push(...ids));
				await store.append(commentReceipt(['1']));
				await expect.poll(() => reported).toContain('a');
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
