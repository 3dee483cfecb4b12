import type { AdminStore } from '../admin/admin-store.ts';
import type { Config } from './config.ts';
import { openStore } from './open-store.ts';

/**
 * Pause a subscriber straight in the store, as an operator. A relay that runs beside starts no delivery to it any more;
 * what is under way ends, what comes collects.
 *
 * @throws {TypeError} the store has no such subscriber
 */
export function pauseFromCommand(config: Config, subscriberId: string, reason: string): Promise<void> {
	return withSubscriber(config, subscriberId, (store) => store.pause(subscriberId, { reason, now: Date.now() }));
}

/**
 * End a pause straight in the store, whoever made it: the operator, or the relay after 401, 403 or 410. A relay that runs
 * beside goes on within a second.
 *
 * @throws {TypeError} the store has no such subscriber
 */
export function resumeFromCommand(config: Config, subscriberId: string): Promise<void> {
	return withSubscriber(config, subscriberId, (store) => store.resume(subscriberId));
}

async function withSubscriber(
	config: Config,
	subscriberId: string,
	act: (store: AdminStore) => Promise<void>,
): Promise<void> {
	const store = await openStore(config.store, { dedupMs: config.dedupMs });
	try {
		const known = (await store.browse.subscribers(Date.now())).map((row) => row.subscriberId);
		if (!known.includes(subscriberId)) {
			throw new TypeError(`no subscriber "${subscriberId}" in the store; there: ${known.join(', ') || 'none'}`);
		}
		await act(store);
	} finally {
		await store.close();
	}
}
