import { join } from 'node:path';
import type { AdminStore } from '@instagram-insights/webhook-relay/admin/admin-store';
import type { ClaimedDelivery, Settlement } from '@instagram-insights/webhook-relay/relay/store';
import { openSqliteStore } from '@instagram-insights/webhook-relay/sqlite/sqlite-event-store';
import { claimBy, commentReceipt, NOON, subscriber } from '@instagram-insights/webhook-relay/test/relay/sample-receipt';
import { temporaryFolder } from '@instagram-insights/webhook-relay/test/temporary-folder';

const DEDUP_MS = 7 * 86_400_000;
/** Beyond 2^53: as a number it would become …845. */
export const LARGE_ACCOUNT = '17841405309211844123';

export function openSample(path: string): Promise<AdminStore> {
	return openSqliteStore({ path, dedupMs: DEDUP_MS });
}

/** A receipt with this body, byte by byte. */
function receiptOf(body: string, receivedAt: number) {
	return { ...commentReceipt([]), body: Buffer.from(body).toString('latin1'), receivedAt, signature: 'sha256=ab' };
}

function settlementOf(
	delivery: ClaimedDelivery | undefined,
	outcome: Settlement['outcome'],
	attempt: Partial<Settlement['attempt']> = {},
): Settlement {
	if (delivery === undefined) throw new Error('nothing was claimed');
	const { eventId, subscriberId, lease } = delivery;
	return {
		...{ eventId, subscriberId, lease, outcome },
		attempt: { startedAt: NOON, durationMs: 20, status: 200, reason: 'ok', excerpt: '', ...attempt },
		verdict:
			outcome.kind === 'delivered'
				? { kind: 'delivered', reason: 'ok' }
				: {
						kind: 'retry',
						reason: attempt.reason ?? 'http-502',
						about: attempt.status === 410 ? 'access' : 'receiver',
					},
	};
}

/**
 * A SQLite store in which everything stands that a store can hold:
 *
 * | comment | n8n | in order, paused by its operator | whole bodies |
 * | --- | --- | --- | --- |
 * | 1 | delivered at the second try | pending | pending, paused by the relay after its 410s |
 * | 2 | dead | pending | with 1 |
 * | 3 | due again a minute after noon | pending | with 1 |
 * | 4 | leased by a relay that is gone | pending | pending |
 *
 * After them come an account beyond 2^53, texts with NUL, and a body that is not JSON.
 */
export async function fillSample(path = join(temporaryFolder(), 'relay.db')): Promise<string> {
	const store = await openSample(path);
	await store.route([
		subscriber('n8n'),
		subscriber('in-order', { order: 'account', revision: 'r2' }),
		subscriber('whole', { mode: 'passthrough' }),
	]);
	await store.pause('in-order', { reason: 'holiday', now: NOON });
	await store.append(commentReceipt(['1', '2', '3'], { text: 'grüße 🎉' }));
	await store.append(commentReceipt(['4'], { receivedAt: NOON + 1 }));

	const [one, two, three] = (await store.claim(claimBy('n8n', { limit: 3, ratePerSecond: 5 }))).deliveries;
	const failed = { status: 500, reason: 'http-500', excerpt: 'a\0b' };
	await store.settle([
		settlementOf(one, { kind: 'retry', dueAt: NOON + 10 }, failed),
		settlementOf(two, { kind: 'dead' }, { ...failed, status: null, reason: 'refused' }),
		settlementOf(three, { kind: 'retry', dueAt: NOON + 60_000 }, failed),
	]);
	const later = await store.claim(claimBy('n8n', { now: NOON + 20, limit: 2, leaseMs: 600_000 }));
	const again = later.deliveries.find(({ eventId }) => eventId === one?.eventId);
	await store.settle([settlementOf(again, { kind: 'delivered' }, { startedAt: NOON + 21 })]);
	const [whole] = (await store.claim(claimBy('whole', { withBody: true, limit: 1 }))).deliveries;
	for (const startedAt of [NOON - 120_000, NOON]) {
		const gone = { startedAt, status: 410, reason: 'http-410' };
		await store.settle([settlementOf(whole, { kind: 'retry', dueAt: NOON }, gone)]);
	}

	const change = `{"field":"comments","value":{"id":${LARGE_ACCOUNT},"text":"a\\u0000b"}}`;
	await store.append(
		receiptOf(`{"object":"instagram","entry":[{"id":${LARGE_ACCOUNT},"changes":[${change}]}]}`, NOON + 2),
	);
	const odd =
		'{"object":"instagram","entry":[{"id":"17\\u00008","changes":[{"field":"ne\\u0000w","value":{"id":"5"}}]}]}';
	await store.append(receiptOf(odd, NOON + 3));
	await store.append(receiptOf('{"é', NOON + 4));
	await store.close();
	return path;
}

/** A SQLite store of so many comments, each with a delivery, half of them delivered. */
export async function fillMany(count: number): Promise<string> {
	const path = join(temporaryFolder(), 'relay.db');
	const store = await openSample(path);
	await store.route([subscriber('n8n')]);
	for (let first = 0; first < count; first += 100) {
		const ids = Array.from({ length: 100 }, (_, index) => `${first + index}`);
		await store.append(commentReceipt(ids, { receivedAt: NOON + first }));
		const { deliveries } = await store.claim(claimBy('n8n', { limit: 50, now: NOON + first }));
		await store.settle(deliveries.map((delivery) => settlementOf(delivery, { kind: 'delivered' })));
	}
	await store.close();
	return path;
}
