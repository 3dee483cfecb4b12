import type { Clock } from '@instagram-insights/core';
import type { Logger } from 'pino';
import { ConfigError } from '../cli/config.ts';
import type { Subscriber } from '../relay/event.ts';
import { fingerprintOf, readSubscribersFile, watchSubscribersFile } from './subscribers-file.ts';

export type SubscriberSource = {
	current(): readonly Subscriber[];
	/** Follow no longer; resolves when a list that is being taken up has been. */
	close(): Promise<void>;
};

export type SubscriberSourceOptions = {
	readonly path: string | undefined;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly clock: Clock;
	readonly log: Logger;
	/** takes up a new list; called once before the source is there, then at each change, one call after the other */
	readonly use: (subscribers: readonly Subscriber[], from?: { list?: string }) => Promise<void>;
	readonly lastList?: () => Promise<string | null>;
	/** @default the file system's news */
	readonly watch?: typeof watchSubscribersFile;
};

/**
 * Look at the content this often, whatever the file system tells: network mounts and bind mounts tell nothing, and the
 * files that hold secrets are not watched.
 */
const LOOK_MS = 5000;

/**
 * The subscribers as the file has them, now and after each change of the file or of a file it takes a secret from. A
 * change that cannot be used is told in the log and changes nothing; one that could not be taken up is tried again at the
 * next look.
 *
 * @throws {ConfigError} the file cannot be used at the start
 */
export async function followSubscribers(options: SubscriberSourceOptions): Promise<SubscriberSource> {
	const { path, environment, log, use } = options;
	if (path === undefined) {
		await use([]);
		return { current: () => [], close: async () => {} };
	}
	// Before reading: what changes in between is then another content at the first look.
	let seen = await fingerprintOf(path);
	const first = readSubscribersFile(path, environment);
	if (!first.ok) throw new ConfigError(first.problems.map((problem) => `RELAY_SUBSCRIBERS: ${problem}`));
	let current = first.subscribers;
	let [takingUp, closed] = [use(current), false];
	await takingUp;

	async function look(file: string): Promise<void> {
		const content = await fingerprintOf(file);
		if (content === seen || closed) return;
		const reading = readSubscribersFile(file, environment);
		if (reading.ok) {
			takingUp = use(reading.subscribers);
			await takingUp;
			current = reading.subscribers;
			log.info({ subscribers: current.map(({ id }) => id) }, 'subscribers reloaded');
		} else log.error({ problems: reading.problems }, 'subscribers file not usable, the old subscribers stay');
		seen = content;
	}
	const following = follow(options, path, () =>
		look(path).catch((error) =>
			log.error({ error: String(error) }, 'subscribers not reloaded, it will be tried again'),
		),
	);
	return {
		current: () => current,
		async close() {
			closed = true;
			following.stop();
			// Not for a look: a mount that hangs would hold the end up.
			await takingUp.catch(() => {});
		},
	};
}

/** Look now, at news of the file system, and every few seconds; one look after the other. */
function follow(
	{ clock, log, watch = watchSubscribersFile }: SubscriberSourceOptions,
	path: string,
	look: () => Promise<void>,
): { stop(): void } {
	const halt = new AbortController();
	let rest = new AbortController();
	let news = false;
	const unwatched = (error: unknown) =>
		log.warn({ error: String(error) }, `subscribers file not watched: changes are seen within ${LOOK_MS / 1000} s`);
	const onChange = () => {
		news = true;
		rest.abort();
	};
	const watcher = watchOrTell(() => watch(path, onChange, unwatched), unwatched);

	async function run(): Promise<void> {
		while (!halt.signal.aborted) {
			news = false;
			await look();
			rest = new AbortController();
			if (news) continue;
			await clock.sleep(LOOK_MS, AbortSignal.any([rest.signal, halt.signal])).catch(() => {});
		}
	}
	void run();
	return {
		stop() {
			watcher?.close();
			halt.abort();
		},
	};
}

function watchOrTell(start: () => { close(): void }, tell: (error: unknown) => void): { close(): void } | null {
	try {
		return start();
	} catch (error) {
		tell(error);
		return null;
	}
}
