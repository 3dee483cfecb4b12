import type { LookupAddress } from 'node:dns';
import { describe, expect, test } from 'vitest';
import { createHostLookup } from '../../src/guard/guarded-connect.ts';

const ADDRESS: LookupAddress = { address: '192.0.2.1', family: 4 };
const GONE = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });

/** A resolver that answers on command, and a clock that is turned by hand. */
function startLookup() {
	const asked: { hostname: string; answer: (error: Error | null, addresses: LookupAddress[]) => void }[] = [];
	const time = { now: 0 };
	const hosts = createHostLookup(
		() => time.now,
		(hostname, _options, answer) => void asked.push({ hostname, answer }),
	);
	const find = (hostname: string, options = {}) =>
		new Promise<LookupAddress[]>((resolve, reject) =>
			hosts.find(hostname, options, (error, addresses) => (error === null ? resolve(addresses) : reject(error))),
		);
	return { hosts, find, asked, time };
}

describe('createHostLookup', () => {
	test('asks once for all who ask while the answer is awaited', async () => {
		const { find, asked } = startLookup();
		const all = [find('n8n'), find('n8n'), find('n8n')];
		expect(asked).toHaveLength(1);
		asked[0]?.answer(null, [ADDRESS]);
		expect(await Promise.all(all)).toEqual([[ADDRESS], [ADDRESS], [ADDRESS]]);
	});

	test('asks for another name while the first one hangs', async () => {
		const { find, asked } = startLookup();
		void find('hangs');
		const other = find('n8n');
		expect(asked.map(({ hostname }) => hostname)).toEqual(['hangs', 'n8n']);
		asked[1]?.answer(null, [ADDRESS]);
		expect(await other).toEqual([ADDRESS]);
	});

	test('keeps what was found for half a minute', async () => {
		const { find, asked, time } = startLookup();
		const first = find('n8n');
		asked[0]?.answer(null, [ADDRESS]);
		await first;
		time.now = 29_999;
		expect(await find('n8n')).toEqual([ADDRESS]);
		expect(asked).toHaveLength(1);
		time.now = 30_000;
		void find('n8n');
		expect(asked).toHaveLength(2);
	});

	test('keeps no failure, and tells it to everyone', async () => {
		const { find, asked } = startLookup();
		const all = [find('gone'), find('gone')];
		asked[0]?.answer(GONE, []);
		expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		void find('gone');
		expect(asked).toHaveLength(2);
	});

	test('looks a name up anew that is to be forgotten', async () => {
		const { hosts, find, asked } = startLookup();
		const first = find('n8n');
		asked[0]?.answer(null, [ADDRESS]);
		await first;
		hosts.forget('n8n');
		void find('n8n');
		expect(asked).toHaveLength(2);
	});

	test('holds IPv4 and IPv6 apart', () => {
		const { find, asked } = startLookup();
		void find('n8n', { family: 4 });
		void find('n8n', { family: 6 });
		expect(asked).toHaveLength(2);
	});
});
