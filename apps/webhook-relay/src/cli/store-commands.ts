// Commands that change the store directly, with or without a running relay, which notices within a second.
import type { AdminStore } from '../admin/admin-store.ts';
import { plural } from '../admin/attention.ts';
import { unknownSubscriber } from '../admin/problems.ts';
import { release, replay } from '../admin/replay.ts';
import type { Config } from './config.ts';
import { readAllSubscribers } from './follow-subscribers.ts';
import { openStore } from './open-store.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Open the store of RELAY_STORE, run an action, and close it. */
export async function withStore<Result>(
	{ store: url, dedupMs }: Config,
	act: (store: AdminStore) => Promise<Result>,
): Promise<Result> {
	const store = await openStore(url, { dedupMs });
	try {
		return await act(store);
	} finally {
		await store.close();
	}
}

/**
 * Run an action on a subscriber of the store.
 *
 * @throws {TypeError} the store has no such subscriber
 */
export function withSubscriber<Result>(
	config: Config,
	subscriberId: string,
	act: (store: AdminStore) => Promise<Result>,
): Promise<Result> {
	return withStore(config, async (store) => {
		const known = (await store.browse.subscribers(Date.now())).map((row) => row.subscriberId);
		if (known.includes(subscriberId)) return await act(store);
		throw new TypeError(unknownSubscriber(subscriberId, known));
	});
}

/**
 * Send the waiting deliveries of a removed subscriber to another one, or drop them.
 *
 * @param order `to` is another subscriber; null: drop
 * @throws {TypeError} it was not removed, or the other one is unknown
 */
export function releaseFromCommand(
	config: Config,
	environment: Environment,
	{ subscriberId, to: other }: { subscriberId: string; to: string | null },
): Promise<{ released: number; left: number }> {
	return withSubscriber(config, subscriberId, async (store) => {
		const subscribers = await readAllSubscribers(config, environment, store);
		const find = (id: string | null) => subscribers.find((subscriber) => subscriber.id === id) ?? null;
		if (find(subscriberId) !== null) {
			throw new TypeError(`"${subscriberId}" is still a subscriber: remove it first, or pause it`);
		}
		const to = find(other);
		if (other !== null && to === null) {
			const ids = subscribers.map(({ id }) => id);
			throw new TypeError(unknownSubscriber(other, ids));
		}
		return release(store, { subscriberId, to, now: Date.now() });
	});
}

export type ReplayOptions = {
	readonly subscriber?: readonly string[];
	readonly id?: readonly string[];
	readonly field?: readonly string[];
	readonly account?: readonly string[];
	readonly since?: number;
	readonly until?: number;
	readonly state?: 'dead' | 'delivered';
	readonly search?: string;
	readonly dryRun?: boolean;
	readonly yes?: boolean;
};

/**
 * Count, ask with that number, replay.
 *
 * @param io `confirm` asks a person; in a script it returns true
 * @returns how many deliveries match, and how many wait again
 * @throws {ConfigError} the subscribers file cannot be used
 * @throws {TypeError} an unknown subscriber, or no filter at all
 */
export function replayFromCommand(
	config: Config,
	environment: Environment,
	options: ReplayOptions,
	{ say, confirm }: { say: (line: string) => void; confirm: (question: string) => Promise<boolean> },
): Promise<{ matching: number; replayed: number }> {
	const { subscriber: wanted, id, field, account, since, until, state, search } = options;
	const filter = { eventIds: id, fields: field, accounts: account, since, until, state, search };
	if (Object.values(filter).every((part) => part === undefined)) {
		throw new TypeError('Say what to replay: use --id, --field, --account, --search, --since, --until or --state');
	}
	return withStore(config, async (store) => {
		const all = await readAllSubscribers(config, environment, store);
		const ids = all.map(({ id }) => id);
		const unknown = (wanted ?? []).filter((id) => !ids.includes(id));
		if (unknown.length > 0) throw new TypeError(unknown.map((id) => unknownSubscriber(id, ids)).join('\n'));
		const order = { ...filter, subscribers: all.filter(({ id }) => wanted === undefined || wanted.includes(id)) };
		const now = Date.now();
		const { deliveries: matching, warning } = await replay(store, { ...order, dryRun: true }, { now });
		if (warning !== null) say(warning);
		const question = `Replay ${plural(matching, 'delivery', 'deliveries')}? The workflow runs again for each of them.`;
		const goOn = options.dryRun !== true && matching > 0 && (options.yes === true || (await confirm(question)));
		if (!goOn) return { matching, replayed: 0 };
		let saidAt = performance.now();
		const { deliveries: replayed } = await replay(store, order, {
			now,
			onStep: ({ subscriberId, looked, replayed }) => {
				if (performance.now() - saidAt < 1000) return;
				saidAt = performance.now();
				say(`${subscriberId}: looked at ${looked} events, ${replayed} to replay`);
			},
		});
		return { matching, replayed };
	});
}
