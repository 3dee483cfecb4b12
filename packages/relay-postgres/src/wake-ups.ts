import type { Client } from 'pg';
import type { Database } from './database.ts';

const CHANNEL = 'relay_due';
/** News of one moment go out together: a notification a commit would make commits wait for each other. */
const GATHER_MS = 25;
/** PostgreSQL carries 8,000 bytes; an id has at most 64. */
const IDS_A_MESSAGE = 100;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5000;

export type WakeUps = {
	/** Wake the lanes of these subscribers: here at once, on other replicas soon. */
	wake(subscriberIds: readonly string[]): void;
	close(): Promise<void>;
};

/**
 * News between replicas by LISTEN and NOTIFY, on one connection outside the pools. Best effort: lanes ask by themselves
 * every second, so what is lost while the connection is being made again costs a second.
 *
 * @param listener called with the subscribers that any replica names
 */
export function startWakeUps(database: Database, listener: (subscriberIds: readonly string[]) => void): WakeUps {
	const gathered = new Set<string>();
	let [closing, retryMs] = [false, FIRST_RETRY_MS];
	let client: Client | null = null;
	let timer: NodeJS.Timeout | null = null;
	let retry: NodeJS.Timeout | null = null;
	let connecting: Promise<void> = Promise.resolve();

	function connect(): void {
		connecting = listen().catch(again);
	}

	async function listen(): Promise<void> {
		const made = await database.connect();
		if (closing) return void (await made.end());
		made.on('notification', ({ payload }) => listener(payload?.split(',') ?? []));
		made.once('end', again);
		await made.query(`LISTEN ${CHANNEL}`);
		client = made;
		retryMs = FIRST_RETRY_MS;
	}

	function again(): void {
		client = null;
		if (closing) return;
		if (retry !== null) clearTimeout(retry);
		retry = setTimeout(connect, retryMs);
		retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
	}

	/** One message at a time: ids that arrive while one is sent go out with the next. */
	async function send(): Promise<void> {
		const ids = [...gathered];
		gathered.clear();
		for (let start = 0; start < ids.length; start += IDS_A_MESSAGE) {
			const payload = ids.slice(start, start + IDS_A_MESSAGE).join(',');
			await client?.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]).catch(() => {});
		}
		timer = gathered.size > 0 && !closing ? setTimeout(() => void send(), GATHER_MS) : null;
	}

	connect();
	return {
		wake(subscriberIds) {
			listener(subscriberIds);
			for (const id of subscriberIds) gathered.add(id);
			timer ??= setTimeout(() => void send(), GATHER_MS);
		},
		async close() {
			closing = true;
			if (timer !== null) clearTimeout(timer);
			if (retry !== null) clearTimeout(retry);
			await connecting;
			await client?.end().catch(() => {});
		},
	};
}
