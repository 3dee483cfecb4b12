import type { Clock } from '@instagram-insights/core';
import type { Logger } from 'pino';
import type { Subscriber } from '../relay/event.ts';
import type { RunningCore } from '../relay/start.ts';
import { fingerprintOf, readSubscribers, readSubscribersFile, watchSubscribersFile } from './subscribers-file.ts';

export type SubscriberSource = {
	current(): readonly Subscriber[];
	/** ids of the list, also of those that cannot be delivered to */
	known(): readonly string[];
	/** Follow no longer; resolves when a list that is being taken up has been. */
	close(): Promise<void>;
};

export type SubscriberSourceOptions = {
	readonly path: string | undefined;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly clock: Clock;
	readonly log: Logger;
	/** takes up a new list; called once before the source is there, then at each change, one call after the other */
	readonly use: RunningCore['use'];
	/** the list the store keeps */
	readonly lastList: () => Promise<string | null>;
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
 * change that cannot be used is logged and changes nothing; one that could not be taken up is tried again at the next look.
 *
 * A file that cannot be used at the start stops nothing: events are received, and routed and delivered by the last list
 * that could be read, which the store keeps; without one, by those entries of the file that are fine.
 */
export async function followSubscribers(options: SubscriberSourceOptions): Promise<SubscriberSource> {
	const { path, environment, log, use } = options;
	if (path === undefined) {
		await use([]);
		return { current: () => [], known: () => [], close: async () => {} };
	}
	// Before reading: what changes in between is then another content at the first look.
	let seen = await fingerprintOf(path);
	const { reading, list } = await readFirst(options, path);
	let [current, waiting] = [reading.subscribers, reading.waiting];
	let [takingUp, closed] = [use(current, { waiting, ...list }), false];
	await takingUp;

	async function look(file: string): Promise<void> {
		const content = await fingerprintOf(file);
		if (content === seen || closed) return;
		const read = readSubscribersFile(file, environment);
		if (read.ok) {
			takingUp = use(read.subscribers, read.text === null ? {} : { list: read.text });
			await takingUp;
			[current, waiting] = [read.subscribers, []];
			log.info({ subscribers: current.map(({ id }) => id) }, 'subscribers reloaded');
		} else log.error({ problems: read.problems }, 'subscribers file not usable, the old subscribers stay');
		seen = content;
	}
	const following = follow(options, path, () =>
		look(path).catch((error) =>
			log.error({ error: String(error) }, 'subscribers not reloaded, it will be tried again'),
		),
	);
	return {
		current: () => current,
		known: () => [...current, ...waiting].map(({ id }) => id),
		async close() {
			closed = true;
			following.stop();
			// Not for a look: a mount that hangs would hold the end up.
			await takingUp.catch(() => {});
		},
	};
}

/** The list to begin with, and its text where the store should keep it. */
async function readFirst({ environment, log, lastList }: SubscriberSourceOptions, path: string) {
	const reading = readSubscribersFile(path, environment);
	if (reading.ok) return { reading, list: reading.text === null ? {} : { list: reading.text } };
	const kept = await lastList().catch(() => null);
	const used = kept === null ? reading : readSubscribers(kept, environment);
	const words =
		kept === null
			? 'RELAY_SUBSCRIBERS is not usable and no earlier list is kept: correct the file, then replay what came meanwhile'
			: 'RELAY_SUBSCRIBERS is not usable: the last list that was is used; correct the file';
	const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
	log.error({ problems: reading.problems, delivering: ids(used.subscribers), waiting: ids(used.waiting) }, words);
	return { reading: used, list: {} };
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
