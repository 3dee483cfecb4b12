import type { EventStore } from './event-store.ts';
import { openSqliteStore } from './sqlite/sqlite-event-store.ts';

export type StoreOptions = { readonly dedupMs: number; readonly maxMegabytes?: number | undefined };

/**
 * Open the store that RELAY_STORE names: `sqlite:<path>`.
 *
 * @throws {TypeError} no such kind of store
 * @throws {StoreError} it cannot be opened
 */
export async function openStore(url: string, options: StoreOptions): Promise<EventStore> {
	const [scheme = '', rest = ''] = splitOnce(url, ':');
	switch (scheme) {
		case 'sqlite':
			return openSqliteStore({ path: rest, ...options });
		default:
			throw new TypeError(`RELAY_STORE starts with "${scheme}:": use sqlite:<path of a file>`);
	}
}

function splitOnce(text: string, separator: string): [string, string] {
	const place = text.indexOf(separator);
	return place === -1 ? [text, ''] : [text.slice(0, place), text.slice(place + separator.length)];
}
