import type { AdminStore } from '../../../src/admin/admin-store.ts';
import type { ClaimedDelivery, Settlement } from '../../../src/relay/store.ts';
import { claimBy, commentReceipt, NOON, subscriber } from '../sample-receipt.ts';

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

export const DAY = 86_400_000;
export const DEDUP_MS = 7 * DAY;

/** The receiver is away; it refuses access. */
export const AWAY = { kind: 'retry', reason: 'http-502', about: 'receiver' } as const;
export const REFUSED = { kind: 'retry', reason: 'http-401', about: 'access' } as const;

/** A new store with the subscriber `a`. */
export async function openWithSubscriber(options: ContractOptions): Promise<AdminStore> {
	const store = await options.open({ dedupMs: DEDUP_MS });
	await store.route([subscriber('a')]);
	return store;
}

export type Wanted = [changes?: Parameters<typeof claimBy>[1], subscriberId?: string];

export async function claimFrom(store: AdminStore, ...[changes = {}, id = 'a']: Wanted) {
	return (await store.claim(claimBy(id, changes))).deliveries;
}

export const commentIds = (deliveries: readonly ClaimedDelivery[]) =>
	deliveries.map(({ value }) => JSON.parse(value).id);

export async function claimOne(store: AdminStore): Promise<ClaimedDelivery> {
	await store.append(commentReceipt(['only']));
	const [delivery] = (await store.claim(claimBy('a'))).deliveries;
	if (delivery === undefined) throw new Error('nothing to claim');
	return delivery;
}

export function settlementOf(
	delivery: ClaimedDelivery,
	outcome: Settlement['outcome'],
	changes: Partial<Settlement> = {},
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
