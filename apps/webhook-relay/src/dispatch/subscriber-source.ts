import type { Logger } from 'pino';
import { ConfigError } from '../config.ts';
import type { Subscriber } from './subscriber.ts';
import { readSubscribersFile, watchSubscribersFile } from './subscribers-file.ts';

export type SubscriberSource = {
	current(): readonly Subscriber[];
	close(): void;
};

/**
 * The subscribers as the file has them, now and after each change. A change that cannot be used is told in the log and
 * changes nothing.
 *
 * @param use takes up a new list; called once before this resolves, then at each change, one call after the other
 * @throws {ConfigError} the file cannot be used at the start
 */
export async function followSubscribers(options: {
	readonly path: string | undefined;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly log: Logger;
	readonly use: (subscribers: readonly Subscriber[]) => Promise<void>;
}): Promise<SubscriberSource> {
	const { path, environment, log, use } = options;
	if (path === undefined) {
		await use([]);
		return { current: () => [], close: () => {} };
	}
	const first = readSubscribersFile(path, environment);
	if (!first.ok) throw new ConfigError(first.problems.map((problem) => `RELAY_SUBSCRIBERS: ${problem}`));
	let current = first.subscribers;
	await use(current);

	let reloading = Promise.resolve();
	const reload = async () => {
		const reading = readSubscribersFile(path, environment);
		if (!reading.ok) {
			log.error({ problems: reading.problems }, 'subscribers file not usable, the old subscribers stay');
			return;
		}
		await use(reading.subscribers);
		current = reading.subscribers;
		log.info({ subscribers: current.map(({ id }) => id) }, 'subscribers reloaded');
	};
	const watcher = watchSubscribersFile(path, () => {
		reloading = reloading
			.then(reload)
			.catch((error) => log.error({ error: String(error) }, 'subscribers not reloaded'));
	});
	return { current: () => current, close: () => watcher.close() };
}
