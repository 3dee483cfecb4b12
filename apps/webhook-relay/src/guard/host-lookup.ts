import { type LookupAddress, type LookupAllOptions, type LookupOptions, lookup } from 'node:dns';

/** How long found addresses stand. Connections are kept alive, so most deliveries look up nothing at all. */
const KEEP_MS = 30_000;

type Found = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
/** Node's own lookup, all addresses. */
export type SystemLookup = (hostname: string, options: LookupAllOptions, found: Found) => void;

export type HostLookup = {
	/** All addresses of a name, of the kinds the options ask for. */
	find(hostname: string, options: LookupOptions, found: Found): void;
	/** Its addresses did not serve: look it up anew next time. */
	forget(hostname: string): void;
};

type Entry = { hostname: string; waiting: Found[] } | { hostname: string; addresses: LookupAddress[]; until: number };

/**
 * Look names up once for everybody who asks at the same time, and keep what was found for half a minute.
 *
 * A lookup holds one of the process's few threads until the resolver answers or gives up. So a name that hangs holds one
 * of them, however many deliveries wait for it, and the names of other subscribers find theirs. A failure is not kept.
 *
 * @param now ms since 1970
 */
export function createHostLookup(now: () => number, system: SystemLookup = lookup): HostLookup {
	const entries = new Map<string, Entry>();

	return {
		find(hostname, options, found) {
			const { family = 0, hints = 0 } = options;
			const name = `${hostname} ${family} ${hints}`;
			const entry = entries.get(name);
			if (entry !== undefined && 'waiting' in entry) return void entry.waiting.push(found);
			if (entry !== undefined && entry.until > now()) {
				// As a lookup does: never before the caller has returned.
				const { addresses } = entry;
				return process.nextTick(() => found(null, addresses));
			}
			const waiting = [found];
			entries.set(name, { hostname, waiting });
			system(hostname, { ...options, all: true }, (error, addresses) => {
				if (error === null) entries.set(name, { hostname, addresses, until: now() + KEEP_MS });
				else entries.delete(name);
				for (const waiter of waiting) waiter(error, addresses);
			});
		},
		forget(hostname) {
			for (const [name, entry] of entries) {
				if (entry.hostname === hostname && 'addresses' in entry) entries.delete(name);
			}
		},
	};
}
