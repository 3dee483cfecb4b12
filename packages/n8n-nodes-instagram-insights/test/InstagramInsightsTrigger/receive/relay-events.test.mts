import { signStandardWebhook } from '@instagram-insights/core/internal';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { createDeliveryMemory } from '../../../nodes/InstagramInsightsTrigger/receive/deliveryMemory';
import { CREDENTIAL, type FakeRequest, RELAY_SECRET, request } from './fake-webhook.mts';

const OTHER_SECRET = `whsec_${Buffer.from('other twenty-four bytes!').toString('base64')}`;

const DELIVERY = {
	type: 'instagram.comments',
	timestamp: '2026-11-23T10:00:00.000Z',
	data: {
		object: 'instagram',
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
					object: 'instagram',
					field: 'comments',
					account_id: '17841405309211844',
					occurred_at: '2026-11-23T10:00:00.000Z',
					event_id: 'evt_0001',
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
			received_at: '2026-11-23T10:00:01.000Z',
			value: DELIVERY.data.value,
		});
	});

	test('keeps numbers that JavaScript cannot hold, as text', async () => {
		const payload =
			'{"type":"instagram.x","data":{"object":"instagram","account_id":"1","field":"x","value":{"id":17865799348089039,"a":1e400,"b":0.1234567890123456789,"c":1.5}}}';
		const { items } = await deliver({ payload });
		expect(items[0]?.json).toMatchObject({ id: '17865799348089039', a: '1e400', b: '0.1234567890123456789', c: 1.5 });
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
		['forged and old', { secret: OTHER_SECRET, ageSeconds: 301 }],
		["Meta's own", { headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } }],
		['signed though the credential has no secret', { credential: { ...CREDENTIAL, relaySecret: '' } }],
	])('is answered 401 and starts nothing when it is %s', async (_, delivery) => {
		const { answer, result } = await deliver(delivery);
		expect(answer).toMatchObject({ status: 401, contentType: 'text/plain' });
		expect(result).toEqual({ noWebhookResponse: true });
	});

	test.each([
		[301, 'the relay signed it 301 seconds ago by the clock of this machine'],
		[-4_000, /the relay signed it (4000|3999) seconds in the future/],
	])('signed %d seconds ago is answered 425, and the log names the clock', async (ageSeconds, words) => {
		const { answer, result, log } = await deliver({ ageSeconds });
		expect(answer).toMatchObject({ status: 425, text: expect.stringContaining('clocks') });
		expect(result).toEqual({ noWebhookResponse: true });
		expect(log).toEqual([expect.stringMatching(words)]);
		expect(log[0]).toContain('at most 300 seconds');
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

	describe('with the replay mark', () => {
		const replay = { ...DELIVERY, data: { ...DELIVERY.data, replay: true } };

		test('runs each time it is asked for, though its event ran before', async () => {
			const workflow = { staticData: {}, memory: createDeliveryMemory() };
			(await deliver(workflow)).end('answered');
			const first = await deliver({ ...workflow, payload: replay });
			first.end('answered');
			const second = await deliver({ ...workflow, payload: replay });
			second.end('answered');
			expect([first.items, second.items]).toMatchObject([[{ json: { replay: true } }], [{ json: { replay: true } }]]);
			expect((await deliver(workflow)).items).toEqual([]);
		});

		test('counts as handed over: the delivery it repeats does not run after it', async () => {
			const workflow = { staticData: {}, memory: createDeliveryMemory() };
			const first = await deliver({ ...workflow, payload: replay });
			first.end('answered');
			const late = await deliver(workflow);
			expect([first.items.length, late.items.length]).toEqual([1, 0]);
		});

		test.each([false, null, 'true', 1])('written as %j is not a mark', async (mark) => {
			const workflow = { staticData: {}, memory: createDeliveryMemory() };
			(await deliver(workflow)).end('answered');
			const payload = { ...DELIVERY, data: { ...DELIVERY.data, replay: mark } };
			const { items, result } = await deliver({ ...workflow, payload });
			expect([items, result]).toMatchObject([[], { webhookResponse: { message: 'Received, nothing to do' } }]);
		});

		test('that a stranger adds breaks the signature', async () => {
			const signed = Buffer.from(JSON.stringify(DELIVERY));
			const headers = { ...signStandardWebhook({ id: 'evt_0001', sentAt: new Date(), body: signed }, [RELAY_SECRET]) };
			const body = Buffer.from(JSON.stringify(replay));
			const { answer } = await request({ body, headers, parameters: { mode: 'relay' } });
			expect(answer.status).toBe(401);
		});
	});

	test('of a sample runs for each press of the button, whatever accounts were chosen', async () => {
		const workflow = { staticData: {}, memory: createDeliveryMemory() };
		const payload = { ...DELIVERY, data: { ...DELIVERY.data, account_id: '0', sample: true } };
		const relay = { options: { accountIds: '17841405309211844' } };
		for (const id of ['evt_1', 'evt_2', 'evt_3']) {
			const press = await deliver({ ...workflow, payload, id, relay });
			press.end('answered');
			expect(press.items).toMatchObject([{ json: { sample: true, account_id: '0' } }]);
		}
	});

	test("shows which of Meta's objects it is about", async () => {
		const payload = { ...DELIVERY, type: 'page.feed', data: { ...DELIVERY.data, object: 'page', field: 'feed' } };
		expect((await deliver({ payload })).items).toMatchObject([{ json: { object: 'page', field: 'feed' } }]);
	});
});
