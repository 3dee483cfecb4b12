import { type LookupAddress, type LookupAllOptions, type LookupOptions, lookup } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';

const CONNECT_TIMEOUT_MS = 10_000;

class ForbiddenAddressError extends Error {
	readonly code = 'FORBIDDEN_ADDRESS';
}

/**
 * Makes the connections of deliveries, to allowed addresses only. The policy is held on the addresses a connection is
 * made to, so that a name which changes its mind (DNS rebinding) is caught too.
 *
 * @param options.lookupHost shared by all connections, so that a name is looked up once for all of them
 */
export function guardedConnect(options: {
	readonly allowPrivate: boolean;
	readonly now: () => number;
	readonly lookupHost?: HostLookup;
}): buildConnector.connector {
	const { lookupHost = createHostLookup(options.now) } = options;
	const connect = buildConnector({
		timeout: CONNECT_TIMEOUT_MS,
		lookup: (hostname, lookupOptions, callback) => {
			lookupHost.find(hostname, lookupOptions, (error, addresses) => {
				if (error !== null) return callback(error, []);
				const allowed = addresses.filter(({ address }) => isAllowedAddress(address, options));
				if (allowed.length === 0) return callback(new ForbiddenAddressError('no allowed address'), []);
				const [first] = allowed;
				if (lookupOptions.all) callback(null, allowed);
				else callback(null, first?.address ?? '', first?.family);
			});
		},
	});
	return (target, callback) => {
		// A literal address is never looked up, so it is judged here.
		const host = target.hostname.replace(/^\[|\]$/g, '');
		if (isIP(host) !== 0 && !isAllowedAddress(host, options)) {
			callback(new ForbiddenAddressError('address not allowed'), null);
			return;
		}
		connect(target, (...answer) => {
			// It may have moved.
			if (answer[0] !== null) lookupHost.forget(host);
			callback(...answer);
		});
	};
}

/**
 * Which addresses a delivery may connect to. The operator's file may name private hosts (`http://n8n:5678` is the usual
 * case), so private ranges are allowed unless `allowPrivate` is false. Never allowed, whatever a name resolves to:
 * link-local addresses and the metadata services of clouds, which hand out the machine's credentials.
 */
export type AddressPolicy = { readonly allowPrivate: boolean };

/** Ranges by ipaddr.js' names, then single addresses. */
const NEVER_RANGES = new Set(['unspecified', 'broadcast', 'multicast', 'linkLocal']);
const PRIVATE_RANGES = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat']);
// biome-ignore format: a table reads by columns
const METADATA_ADDRESSES = new Set([
	'169.254.169.254', // AWS, Azure, Google, DigitalOcean (link-local too)
	'fd00:ec2:0:0:0:0:0:254', // AWS over IPv6
	'fd20:ce:0:0:0:0:0:254', // Google over IPv6
	'100.100.100.200', // Alibaba
	'168.63.129.16', // Azure's wire server
	'192.0.0.192', // Oracle
]);

/**
 * May a delivery connect to this address?
 *
 * IPv4 addresses wrapped in IPv6 (mapped, NAT64, 6to4, Teredo) are judged by what they wrap.
 *
 * @param address a literal IPv4 or IPv6 address, as the resolver gave it
 */
export function isAllowedAddress(address: string, policy: AddressPolicy): boolean {
	const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
	if (!ipaddr.isValid(bare)) return false;
	return unwrap(ipaddr.parse(bare)).every((candidate) => {
		const range = candidate.range();
		if (METADATA_ADDRESSES.has(candidate.toNormalizedString()) || NEVER_RANGES.has(range)) return false;
		return policy.allowPrivate || !PRIVATE_RANGES.has(range);
	});
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The address itself and the IPv4 address inside it, if any. */
function unwrap(address: Address): readonly Address[] {
	if (address instanceof ipaddr.IPv4) return [address];
	const bytes = address.toByteArray();
	const embedded = (from: number, flip = 0) => new ipaddr.IPv4(bytes.slice(from, from + 4).map((byte) => byte ^ flip));
	switch (address.range()) {
		case 'ipv4Mapped':
			return [embedded(12)];
		case 'rfc6052':
			return [embedded(12)];
		case 'rfc6145':
			return [embedded(12)];
		case '6to4':
			return [address, embedded(2)];
		case 'teredo':
			// The client's address, stored inverted.
			return [address, embedded(4), embedded(12, 0xff)];
		default:
			// The deprecated IPv4-compatible form ::a.b.c.d
			return bytes.slice(0, 12).every((byte) => byte === 0) && address.range() === 'unicast'
				? [embedded(12)]
				: [address];
	}
}

/** How long found addresses stand. Connections are kept alive, so most deliveries look up nothing at all. */
const KEEP_MS = 30_000;

type Found = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
/** Node's own lookup, all addresses. */
export type SystemLookup = (hostname: string, options: LookupAllOptions, found: Found) => void;

export type HostLookup = {
	/** All addresses of a name, of the kinds the options ask for. */
	find(hostname: string, options: LookupOptions, found: Found): void;
	/** Its addresses did not work: look it up again next time. */
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
