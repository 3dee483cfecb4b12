import ipaddr from 'ipaddr.js';

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
