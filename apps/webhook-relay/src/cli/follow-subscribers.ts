import type { Clock } from '@instagram-insights/core';
import type { Logger } from 'pino';
import type { AdminStore } from '../admin/admin-store.ts';
import { keptSubscribers } from '../admin/kept-subscribers.ts';
import { unknownNames } from '../admin/subscriber.ts';
import type { Subscriber } from '../relay/event.ts';
import type { RunningCore } from '../relay/start.ts';
import { type Config, ConfigError } from './config.ts';
import { fingerprintOf, readSubscribers, readSubscribersFile, type SubscribersReading } from './subscribers-file.ts';

export type SubscriberSource = {
	current(): readonly Subscriber[];
	/** ids of all, also of those that cannot be delivered to */
	known(): readonly string[];
	/** those of them that are in the file */
	idsInFile(): readonly string[];
	/** Look now at what the store keeps; resolves when it counts. */
	refresh(): Promise<void>;
	/** Follow no longer; resolves when a list that is being taken up has been. */
	close(): Promise<void>;
};

export type SubscriberSourceOptions = {
	readonly path: string | undefined;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly clock: Clock;
	readonly log: Logger;
	/** takes up a new list; called once before the source exists, then at each change, one call after the other */
	readonly use: RunningCore['use'];
	/** the file as it last could be used, which the store keeps */
	readonly lastList: () => Promise<string | null>;
	/** the subscribers added on the dashboard, as the text of a file */
	readonly kept: () => Promise<string>;
};

/** Compare the content this often. The file system's own events would miss network mounts, bind mounts and replaced files. */
const LOOK_MS = 1000;

/** What can be delivered to, and what collects meanwhile. */
type Usable = Pick<SubscribersReading, 'subscribers' | 'waiting'>;
const NONE: Usable = { subscribers: [], waiting: [] };

/**
 * The subscribers of the file and those added on the dashboard, now and after each change: of the file, of a file with a
 * secret, or of the store (another replica may have changed it). A change that is not usable is logged and ignored; one that
 * could not be applied is retried a second later.
 *
 * A file that is not usable at the start stops nothing: the relay receives and delivers by the last usable list, which the
 * store keeps, or without one by the valid entries of the file.
 */
export async function followSubscribers(options: SubscriberSourceOptions): Promise<SubscriberSource> {
	const { path, environment, clock, log } = options;
	// Taken before the file is read, so that the first look notices a change in between.
	const seen = { file: path === undefined ? '' : await fingerprintOf(path), kept: await options.kept() };
	const { reading, list } = path === undefined ? { reading: NONE, list: {} } : await readFirst(options, path);
	let file: Usable = reading;
	let added: Usable = readAdded(seen.kept);
	const all = () => merge(file, added);
	const halt = new AbortController();
	const warnOfNames = namesWarner(log);
	warnOfNames(all());
	let turn: Promise<void> = options.use(all().subscribers, { waiting: all().waiting, ...list });
	await turn;

	/** One after the other, since each begins with what the one before left. */
	function inTurn(work: () => Promise<void>): Promise<void> {
		const done = turn.then(async () => (halt.signal.aborted ? undefined : work()));
		turn = done.catch(() => {});
		return done;
	}
	async function use(next: { file: Usable; added: Usable }, from: { list?: string } = {}): Promise<void> {
		const { subscribers, waiting } = merge(next.file, next.added);
		warnOfNames({ subscribers, waiting });
		await options.use(subscribers, { waiting, ...from });
		({ file, added } = next);
		log.info({ subscribers: subscribers.map(({ id }) => id) }, 'subscribers reloaded');
	}
	function readAdded(text: string): Usable {
		const read = readSubscribers(text, {});
		if (!read.ok)
			log.error({ problems: read.problems }, 'some workflows added on the dashboard cannot be used: edit them');
		return read;
	}
	async function lookAtFile(path: string): Promise<void> {
		const content = await fingerprintOf(path);
		await inTurn(async () => {
			if (content === seen.file) return;
			const read = readSubscribersFile(path, environment);
			if (read.ok) await use({ file: read, added }, read.text === null ? {} : { list: read.text });
			else log.error({ problems: read.problems }, 'subscribers file not usable, keeping the previous subscribers');
			seen.file = content;
		});
	}
	/** Read in turn: what was read before the last change would undo it. */
	const lookAtStore = (readKept: () => Promise<string>) =>
		inTurn(async () => {
			const text = await readKept();
			if (text === seen.kept) return;
			await use({ file, added: readAdded(text) });
			seen.kept = text;
		});
	const failed = (error: unknown) => log.error({ error: String(error) }, 'subscribers not reloaded, will retry');
	/** One look after the other. */
	async function follow(): Promise<void> {
		while (!halt.signal.aborted) {
			if (path !== undefined) await lookAtFile(path).catch(failed);
			// A store that is away is in the log already.
			await lookAtStore(() => options.kept().catch(() => seen.kept)).catch(failed);
			await clock.sleep(LOOK_MS, halt.signal).catch(() => {});
		}
	}
	void follow();
	return {
		current: () => all().subscribers,
		known: () => idsOf(all()),
		idsInFile: () => idsOf(file),
		refresh: () => lookAtStore(options.kept),
		async close() {
			halt.abort();
			// Do not wait for a look: a mount that hangs would delay the stop.
			await turn.catch(() => {});
		},
	};
}

/**
 * All subscribers as they are now, for a command that runs next to the relay.
 *
 * @throws {ConfigError} the file cannot be used
 */
export async function readAllSubscribers(
	{ subscribersPath: path }: Pick<Config, 'subscribersPath'>,
	environment: SubscriberSourceOptions['environment'],
	store: Pick<AdminStore, 'remember' | 'recall'>,
): Promise<readonly Subscriber[]> {
	const file = path === undefined ? { ...NONE, ok: true, problems: [] } : readSubscribersFile(path, environment);
	if (!file.ok) throw new ConfigError(file.problems.map((problem) => `RELAY_SUBSCRIBERS: ${problem}`));
	return merge(file, readSubscribers(await keptSubscribers(store).text(), {})).subscribers;
}

/** One warning for each name that may be new at Meta, or misspelt. */
function namesWarner(log: Logger): (list: Usable) => void {
	const warned = new Set<string>();
	return ({ subscribers, waiting }) => {
		for (const rule of [...subscribers, ...waiting]) {
			for (const { kind, name } of unknownNames(rule)) {
				const place = `${rule.id} ${kind} ${name}`;
				if (warned.has(place)) continue;
				warned.add(place);
				const words = `match.${kind} has a name that this relay does not know: check its spelling, because a wrong name matches no event`;
				log.warn({ subscriberId: rule.id, name }, words);
			}
		}
	};
}

const idsOf = ({ subscribers, waiting }: Usable) => [...subscribers, ...waiting].map(({ id }) => id);

/** Where both have an id, the file counts. */
function merge(file: Usable, added: Usable): Usable {
	const ids = new Set(idsOf(file));
	const others = <Entry extends { readonly id: string }>(list: readonly Entry[]) =>
		list.filter(({ id }) => !ids.has(id));
	return {
		subscribers: [...file.subscribers, ...others(added.subscribers)],
		waiting: [...file.waiting, ...others(added.waiting)],
	};
}

/** The first list, and its text if the store should keep it. */
async function readFirst({ environment, log, lastList }: SubscriberSourceOptions, path: string) {
	const reading = readSubscribersFile(path, environment);
	if (reading.ok) return { reading, list: reading.text === null ? {} : { list: reading.text } };
	const kept = await lastList().catch(() => null);
	const used = kept === null ? reading : readSubscribers(kept, environment);
	const words =
		kept === null
			? 'RELAY_SUBSCRIBERS is not usable, and the store has no earlier list. Correct the file, then replay the events received meanwhile'
			: 'RELAY_SUBSCRIBERS is not usable, so the relay uses its last usable version. Correct the file';
	const [delivering, waiting] = [used.subscribers, used.waiting].map((list) => list.map(({ id }) => id));
	log.error({ problems: reading.problems, delivering, waiting }, words);
	return { reading: used, list: {} };
}
