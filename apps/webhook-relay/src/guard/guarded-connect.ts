import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { isAllowedAddress } from './address-policy.ts';
import { createHostLookup, type HostLookup } from './host-lookup.ts';

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
