import { describe, expect, test } from 'vitest';
import { isAllowedAddress } from '../../src/guard/guarded-connect.ts';

const open = { allowPrivate: true };
const closed = { allowPrivate: false };

describe('isAllowedAddress', () => {
	test.each([
		['169.254.169.254', 'the metadata service'],
		['169.254.0.1', 'link-local'],
		['fe80::1', 'link-local'],
		['fe80::1%eth0', 'link-local with a zone'],
		['fd00:ec2::254', 'the metadata service over IPv6'],
		['100.100.100.200', "Alibaba's metadata service"],
		['168.63.129.16', "Azure's wire server"],
		['0.0.0.0', 'unspecified'],
		['::', 'unspecified'],
		['255.255.255.255', 'broadcast'],
		['224.0.0.1', 'multicast'],
		['ff02::1', 'multicast'],
		['::ffff:169.254.169.254', 'mapped'],
		['::ffff:a9fe:a9fe', 'mapped, in hexadecimal'],
		['64:ff9b::a9fe:a9fe', 'through NAT64'],
		['2002:a9fe:a9fe::1', 'through 6to4'],
		['2001:0:a9fe:a9fe::1', 'through a Teredo server'],
		['2001:0:4136:e378:8000:63bf:5601:5601', 'a Teredo client, inverted'],
		['::169.254.169.254', 'IPv4-compatible'],
		['n8n', 'no address'],
		['', 'nothing'],
	])('never allows %s (%s)', (address) => {
		expect(isAllowedAddress(address, open)).toBe(false);
	});

	test.each(['10.0.0.5', '172.16.3.4', '192.168.1.1', '127.0.0.1', '::1', 'fd12::1', '100.64.0.1', '::ffff:10.0.0.5'])(
		'allows the private %s unless private addresses are forbidden',
		(address) => {
			expect(isAllowedAddress(address, open)).toBe(true);
			expect(isAllowedAddress(address, closed)).toBe(false);
		},
	);

	test.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946', '[2606:2800:220:1::1]', '64:ff9b::5db8:d822'])(
		'allows the public %s',
		(address) => {
			expect(isAllowedAddress(address, closed)).toBe(true);
		},
	);
});
