import type { Receipt } from '../../src/relay/event.ts';
import type { ClaimRequest, RoutedSubscriber } from '../../src/relay/store.ts';

/** Monday noon in these tests. */
export const NOON = Date.UTC(2026, 10, 23, 12);

/** A receipt of one entry with these comments, as Meta would batch them. */
export function commentReceipt(
	ids: readonly string[],
	changes: Partial<Receipt> & { accountId?: string; text?: string } = {},
): Receipt {
	const { accountId = '17841405309211844', text = 'hi', ...rest } = changes;
	const updates = ids.map((id) => ({ field: 'comments', value: { id, text } }));
	const json = JSON.stringify({ object: 'instagram', entry: [{ id: accountId, time: 1, changes: updates }] });
	const body = Buffer.from(json).toString('latin1');
	return { receivedAt: NOON, body, signature: 'sha256=00', secretName: 'instagram', ...rest };
}

export function subscriber(id: string, changes: Partial<RoutedSubscriber> = {}): RoutedSubscriber {
	return { id, mode: 'event', objects: null, fields: null, accounts: null, order: 'none', revision: '1', ...changes };
}

export function claimBy(subscriberId: string, changes: Partial<ClaimRequest> = {}): ClaimRequest {
	return {
		subscriberId,
		holder: 'test',
		concurrency: 100,
		ratePerSecond: null,
		order: 'none',
		leaseMs: 60_000,
		withBody: false,
		limit: 100,
		now: NOON,
		...changes,
	};
}
