import type { AdminStore } from '../admin/admin-store.ts';
import { release } from '../admin/replay.ts';
import type { Config } from './config.ts';
import { readAllSubscribers } from './follow-subscribers.ts';
import { openStore } from './open-store.ts';

/**
 * Pause a subscriber straight in the store, as an operator. A running relay starts no further delivery to it;
 * deliveries in progress end, new ones wait.
 *
 * @throws {TypeError} the store has no such subscriber
 */
export function pauseFromCommand(config: Config, subscriberId: string, reason: string): Promise<void> {
	return withSubscriber(config, subscriberId, (store) => store.pause(subscriberId, { reason, now: Date.now() }));
}

/**
 * End a pause straight in the store, the operator's or the relay's (after 401, 403 or 410). A running
 * relay continues within a second.
 *
 * @throws {TypeError} the store has no such subscriber
 */
export function resumeFromCommand(config: Config, subscriberId: string): Promise<void> {
	return withSubscriber(config, subscriberId, (store) => store.resume(subscriberId));
}

/**
 * Send what waits for a removed subscriber to another one, or drop it, straight in the store.
 *
 * @param order `to` is another subscriber; null: drop
 * @throws {TypeError} it was not removed, or there is no other one of that id
 */
export async function releaseFromCommand(
	config: Config,
	environment: Readonly<Record<string, string | undefined>>,
	order: { subscriberId: string; to: string | null },
): Promise<{ released: number; left: number }> {
	const { subscriberId } = order;
	return withSubscriber(config, subscriberId, async (store) => {
		const subscribers = await readAllSubscribers(config, environment, store);
		const find = (id: string | null) => subscribers.find((subscriber) => subscriber.id === id) ?? null;
		if (find(subscriberId) !== null) {
			throw new TypeError(`"${subscriberId}" is still a subscriber: remove it first, or pause it`);
		}
		const to = find(order.to);
		if (order.to !== null && to === null) throw new TypeError(`Unknown subscriber "${order.to}"`);
		return release(store, { subscriberId, to, now: Date.now() });
	});
}

async function withSubscriber<Result>(
	config: Config,
	subscriberId: string,
	act: (store: AdminStore) => Promise<Result>,
): Promise<Result> {
	const store = await openStore(config.store, { dedupMs: config.dedupMs });
	try {
		const known = (await store.browse.subscribers(Date.now())).map((row) => row.subscriberId);
		if (!known.includes(subscriberId)) {
			throw new TypeError(`Unknown subscriber "${subscriberId}". The store has: ${known.join(', ') || 'none'}`);
		}
		return await act(store);
	} finally {
		await store.close();
	}
}
