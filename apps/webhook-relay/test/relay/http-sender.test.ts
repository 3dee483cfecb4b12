import type { LookupAddress } from 'node:dns';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHostLookup, guardedConnect } from '../../src/guard/guarded-connect.ts';
import { createSender } from '../../src/relay/send.ts';
import { startFaultSubscriber } from '../fault-subscriber.ts';

const REQUEST = { headers: {}, body: Buffer.from('{}') };

/** A sender for which every name has the addresses given. */
function startSender(addresses: () => LookupAddress[], { allowPrivate = true } = {}) {
	const asked: string[] = [];
	const lookupHost = createHostLookup(
		() => 0,
		(hostname, _options, found) => {
			asked.push(hostname);
			setImmediate(() => found(null, addresses()));
		},
	);
	const connect = guardedConnect({ allowPrivate, now: () => 0, lookupHost });
	const sender = createSender(5, connect);
	onTestFinished(() => sender.close());
	return { asked, post: (url: string) => sender.post(url, REQUEST, { timeoutMs: 5000 }) };
}

const loopback = (): LookupAddress[] => [{ address: '127.0.0.1', family: 4 }];
const named = (url: string) => url.replace('127.0.0.1', 'n8n.test');

describe('createSender', () => {
	test('looks a name up once for connections made together', async () => {
		const { asked, post } = startSender(loopback);
		const n8n = await startFaultSubscriber();
		const results = await Promise.all(Array.from({ length: 5 }, () => post(named(n8n.url))));
		expect(results.map(({ kind }) => kind)).toEqual(Array(5).fill('answer'));
		expect(asked).toEqual(['n8n.test']);
	});

	test('refuses a name whose addresses are not allowed', async () => {
		const { post } = startSender(loopback, { allowPrivate: false });
		const n8n = await startFaultSubscriber();
		expect(await post(named(n8n.url))).toEqual({ kind: 'no-answer', reason: 'forbidden-address' });
		expect(n8n.received).toEqual([]);
	});

	test('looks a name up anew when no connection came about', async () => {
		let addresses: LookupAddress[] = [{ address: '169.254.169.254', family: 4 }];
		const { asked, post } = startSender(() => addresses);
		const n8n = await startFaultSubscriber();
		expect(await post(named(n8n.url))).toMatchObject({ reason: 'forbidden-address' });
		addresses = loopback();
		expect(await post(named(n8n.url))).toMatchObject({ kind: 'answer', status: 200 });
		expect(asked).toHaveLength(2);
	});
});
