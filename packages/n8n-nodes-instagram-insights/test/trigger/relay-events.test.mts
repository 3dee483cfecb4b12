import { signStandardWebhook } from '@instagram-insights/core';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { createDeliveryMemory } from '../../nodes/InstagramInsightsTrigger/receive/deliveryMemory';
import { CREDENTIAL, type FakeRequest, RELAY_SECRET, request } from './fake-webhook.mts';

const OTHER_SECRET = `whsec_${Buffer.from('other twenty-four bytes!').toString('base64')}`;

const DELIVERY = {
	type: 'instagram.comments',
	timestamp: '2026-11-23T10:00:00.000Z',
	data: {
		account_id: '17841405309211844',
		field: 'comments',
		value: { id: '17865799348089039', text: 'Bom dia', from: { username: 'ana.souza' } },
		event_id: 'evt_0001',
		received_at: '2026-11-23T10:00:01.000Z',
	},
};

type Delivery = FakeRequest & {
	payload?: unknown;
	secret?: string;
	ageSeconds?: number;
	id?: string;
	relay?: INodeParameters;
};

/** A delivery as the relay sends it. */
function deliver({
	payload = DELIVERY,
	secret = RELAY_SECRET,
	ageSeconds = 0,
	id = 'evt_0001',
	relay = {},
	...more
}: Delivery = {}) {
	const body = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
	const sentAt = new Date(Date.now() - ageSeconds * 1000);
	const headers = { ...signStandardWebhook({ id, sentAt, body }, [secret]) };
	return request({ body, headers, parameters: { mode: 'relay', ...relay }, ...more });
}

describe('a delivery of the relay', () => {
	test('becomes one item with the columns of a direct event', async () => {
		const { items } = await deliver();
		expect(items).toEqual([
			{
				json: {
					field: 'comments',
					accountId: '17841405309211844',
					occurredAt: '2026-11-23T10:00:00.000Z',
					eventId: 'evt_0001',
					comment_id: '17865799348089039',
					text: 'Bom dia',
					from_username: 'ana.souza',
				},
			},
		]);
	});

	test('keeps the value whole when the output is not simplified', async () => {
		const { items } = await deliver({ relay: { simplify: false } });
		expect(items[0]?.json).toMatchObject({
			type: 'instagram.comments',
			receivedAt: '2026-11-23T10:00:01.000Z',
			value: DELIVERY.data.value,
		});
	});

	test('keeps ids that JavaScript numbers cannot hold', async () => {
		const payload = '{"type":"instagram.x","data":{"account_id":"1","field":"x","value":{"id":17865799348089039}}}';
		const { items } = await deliver({ payload });
		expect(items[0]?.json.id).toBe('17865799348089039');
	});

	test('passes the same filters', async () => {
		const fields = await deliver({ relay: { fields: ['messages'] } });
		const accounts = await deliver({ relay: { options: { accountIds: '1' } } });
		expect([fields.items.length, accounts.items.length]).toEqual([0, 0]);
	});

	test('is accepted with the old secret while both are given', async () => {
		const credential = { ...CREDENTIAL, relaySecret: `${OTHER_SECRET}, ${RELAY_SECRET}` };
		const { items } = await deliver({ credential });
		expect(items).toHaveLength(1);
	});

	test.each<[string, Delivery]>([
		['forged', { secret: OTHER_SECRET }],
		['unsigned', { headers: {} }],
		['replayed after the tolerance', { ageSeconds: 301 }],
		['from the future', { ageSeconds: -301 }],
		["Meta's own", { headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } }],
		['signed though the credential has no secret', { credential: { ...CREDENTIAL, relaySecret: '' } }],
	])('is answered 401 and starts nothing when it is %s', async (_, delivery) => {
		const { answer, result } = await deliver(delivery);
		expect(answer).toMatchObject({ status: 401, contentType: 'text/plain' });
		expect(result).toEqual({ noWebhookResponse: true });
	});

	test('may be as old as the option says', async () => {
		const options = { toleranceSeconds: 3_600 };
		const { items } = await deliver({ ageSeconds: 3_500, relay: { options } });
		expect(items).toHaveLength(1);
	});

	test('is refused with 422 when it is not of the mode event', async () => {
		const { answer } = await deliver({ payload: { object: 'instagram', entry: [] } });
		expect(answer.status).toBe(422);
	});

	test('is dropped the second time, by its webhook-id', async () => {
		const staticData: IDataObject = {};
		const workflow = { staticData, memory: createDeliveryMemory() };
		(await deliver(workflow)).end('answered');
		const repeated = await deliver(workflow);
		const next = await deliver({ ...workflow, id: 'evt_0002' });
		expect([repeated.items.length, next.items.length]).toEqual([0, 1]);
	});
});
