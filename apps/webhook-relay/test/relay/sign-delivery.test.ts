import { parseExactJson } from '@instagram-insights/core/internal';
import { verifyStandardWebhook } from '@instagram-insights/core/webhook';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { buildRequest, type EventPayload, type Subscriber } from '../../src/relay/event.ts';
import { DEFAULT_RETRY } from '../../src/relay/rules.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OLD_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const sentAt = new Date();
const payload: EventPayload = {
	eventId: 'evt_1',
	object: 'instagram',
	sample: false,
	replay: false,
	field: 'comments',
	accountId: '17841405309211844',
	occurredAt: Date.UTC(2026, 10, 23, 12),
	receivedAt: Date.UTC(2026, 10, 23, 12, 0, 1),
	value: '{"id":"1","text":"caf\u00e9"}',
	body: Buffer.from('{"object":"instagram"}'),
	signature: 'sha256=ab',
};
const subscriber = (changes: Partial<Subscriber> = {}): Subscriber => ({
	...{ id: 'a', url: 'http://127.0.0.1/', testUrl: null, secrets: [], headers: {}, retry: DEFAULT_RETRY },
	...{ objects: null, fields: null, accounts: null, mode: 'event', success: 'n8n', order: 'none' },
	...{ timeoutMs: 1000, concurrency: 1, ratePerSecond: null },
	...changes,
});

describe('buildRequest', () => {
	test('writes one event in the form of Standard Webhooks', () => {
		expect(JSON.parse(String(buildRequest(payload, subscriber(), sentAt).body))).toEqual({
			type: 'instagram.comments',
			timestamp: '2026-11-23T12:00:00.000Z',
			data: {
				object: 'instagram',
				account_id: '17841405309211844',
				field: 'comments',
				value: { id: '1', text: 'café' },
				event_id: 'evt_1',
				received_at: '2026-11-23T12:00:01.000Z',
			},
		});
	});

	test("names Meta's object, and marks samples and replays", () => {
		const marked = { ...payload, object: 'page', field: 'feed', sample: true, replay: true };
		expect(JSON.parse(String(buildRequest(marked, subscriber(), sentAt).body))).toMatchObject({
			type: 'page.feed',
			data: { object: 'page', sample: true, replay: true },
		});
	});

	test.each(['1e400', '0.1000000000000000055511151231257827', '{"a":1,"a":2}', '-0'])(
		"passes Meta's own text of a value on: %s",
		(value) => {
			expect(String(buildRequest({ ...payload, value }, subscriber(), sentAt).body)).toContain(`"value":${value},"`);
		},
	);

	test('takes the time of receiving where the event has none', () => {
		const { body } = buildRequest({ ...payload, occurredAt: null }, subscriber(), sentAt);
		expect(JSON.parse(String(body)).timestamp).toBe('2026-11-23T12:00:01.000Z');
	});

	test("signs so that the specification's own library accepts it", () => {
		const { headers, body } = buildRequest(payload, subscriber({ secrets: [SECRET] }), sentAt);
		expect(() => new Webhook(SECRET).verify(String(body), headers)).not.toThrow();
		expect(() => new Webhook(OLD_SECRET).verify(String(body), headers)).toThrow();
	});

	test('accepts what that library signs', () => {
		const body = '{"a":1}';
		const signature = new Webhook(SECRET).sign('msg_1', sentAt, body);
		const headers = {
			'webhook-id': 'msg_1',
			'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
			'webhook-signature': signature,
		};
		expect(verifyStandardWebhook({ headers, body, secrets: [SECRET], now: sentAt }).valid).toBe(true);
	});

	test('signs with both secrets of a rotation', () => {
		const { headers, body } = buildRequest(payload, subscriber({ secrets: [SECRET, OLD_SECRET] }), sentAt);
		for (const secret of [SECRET, OLD_SECRET])
			expect(() => new Webhook(secret).verify(String(body), headers)).not.toThrow();
	});

	test('leaves the signature out where there is no secret, and keeps the id', () => {
		const { headers } = buildRequest(payload, subscriber(), sentAt);
		expect(headers['webhook-id']).toBe('evt_1');
		expect(headers['webhook-signature']).toBeUndefined();
	});

	test("passes Meta's bytes and signature through", () => {
		const { headers, body } = buildRequest(payload, subscriber({ mode: 'passthrough' }), sentAt);
		expect(body).toBe(payload.body);
		expect(headers).toMatchObject({ 'x-hub-signature-256': 'sha256=ab', 'webhook-id': 'evt_1' });
		const legacy = buildRequest({ ...payload, signature: 'sha1=cd' }, subscriber({ mode: 'passthrough' }), sentAt);
		expect(legacy.headers['x-hub-signature']).toBe('sha1=cd');
		expect(legacy.headers['x-hub-signature-256']).toBeUndefined();
	});

	test("adds the subscriber's headers, none of which can replace the signature", () => {
		const headers = { 'x-api-key': 'k', 'webhook-id': 'forged', 'user-agent': 'mine' };
		const signed = buildRequest(payload, subscriber({ headers, secrets: [SECRET] }), sentAt).headers;
		expect(signed).toMatchObject({ 'x-api-key': 'k', 'webhook-id': 'evt_1', 'user-agent': 'mine' });
	});

	test('writes JSON for every field, account and value', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'binary' }),
				fc.string({ unit: 'binary' }),
				fc.json(),
				(field, accountId, value) => {
					const { body } = buildRequest({ ...payload, field, accountId, value }, subscriber(), sentAt);
					const read = parseExactJson(String(body));
					expect(read).toMatchObject({
						ok: true,
						value: { type: `instagram.${field}`, data: { account_id: accountId } },
					});
				},
			),
		);
	});
});
