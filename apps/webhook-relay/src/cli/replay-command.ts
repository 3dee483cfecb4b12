import { plural } from '../admin/attention.ts';
import { replay } from '../admin/replay.ts';
import type { Config } from './config.ts';
import { readAllSubscribers } from './follow-subscribers.ts';
import { openStore } from './open-store.ts';

export type ReplayOptions = {
	readonly subscriber: readonly string[];
	readonly id: readonly string[];
	readonly field: readonly string[];
	readonly account: readonly string[];
	readonly since?: number;
	readonly until?: number;
	readonly state?: 'dead' | 'delivered';
	readonly search?: string;
	readonly dryRun?: boolean;
	readonly yes?: boolean;
};

/**
 * Replay straight in the store. A running relay finds what became due within a second.
 *
 * Counts first and asks with that number.
 *
 * @param console `confirm` asks a person; without one it says yes
 * @returns how many deliveries match, and how many wait again
 * @throws {ConfigError} the subscribers file cannot be used
 * @throws {TypeError} an unknown subscriber, or no filter at all
 */
export async function replayFromCommand(
	config: Config,
	environment: Readonly<Record<string, string | undefined>>,
	options: ReplayOptions,
	{ say, confirm }: { say: (line: string) => void; confirm: (question: string) => Promise<boolean> },
): Promise<{ matching: number; replayed: number }> {
	const { id, field, account, since, until, state, search } = options;
	if (
		[...id, ...field, ...account].length === 0 &&
		[since, until, state, search].every((filter) => filter === undefined)
	) {
		throw new TypeError('Say what to replay: use --id, --field, --account, --search, --since, --until or --state');
	}
	const some = (texts: readonly string[]) => (texts.length === 0 ? undefined : texts);
	const store = await openStore(config.store, { dedupMs: config.dedupMs });
	try {
		const all = await readAllSubscribers(config, environment, store);
		const subscribers = all.filter(({ id }) => options.subscriber.length === 0 || options.subscriber.includes(id));
		const unknown = options.subscriber.filter((id) => !subscribers.some((subscriber) => subscriber.id === id));
		if (unknown.length > 0) throw new TypeError(`Unknown subscriber: ${unknown.join(', ')}`);
		const order = {
			subscribers,
			eventIds: some(id),
			fields: some(field),
			accounts: some(account),
			since,
			until,
			state,
			search,
		};
		const now = Date.now();
		const { deliveries: matching, warning } = await replay(store, { ...order, dryRun: true }, { now });
		if (warning !== null) say(warning);
		if (options.dryRun === true || matching === 0) return { matching, replayed: 0 };
		// A script cannot be asked.
		if (
			options.yes !== true &&
			!(await confirm(`Replay ${plural(matching, 'delivery', 'deliveries')}? Each workflow runs again.`))
		) {
			return { matching, replayed: 0 };
		}
		let toldAt = performance.now();
		const { deliveries: replayed } = await replay(store, order, {
			now,
			onStep: ({ subscriberId, looked, replayed }) => {
				if (performance.now() - toldAt < 1000) return;
				toldAt = performance.now();
				say(`${subscriberId}: looked at ${looked} events, ${replayed} to replay`);
			},
		});
		return { matching, replayed };
	} finally {
		await store.close();
	}
}
