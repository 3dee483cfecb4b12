import { createHmac } from 'node:crypto';
import { signWebhook } from '@instagram-insights/core/testing';
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import {
	ACCOUNT,
	APP_SECRET,
	CREDENTIAL,
	changes,
	comment,
	type FakeRequest,
	INSTAGRAM_APP_SECRET,
	post,
	request,
} from './fake-webhook.mts';

const QUERY = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': 'open sesame' };

describe("the trigger's answer to Meta's handshake", () => {
	test('repeats the bare challenge as plain text and starts nothing', async () => {
		const { answer, result } = await request({ name: 'setup', query: QUERY });
		expect(answer).toMatchObject({ status: 200, contentType: 'text/plain', text: '1158201444' });
		expect(result).toEqual({ noWebhookResponse: true });
	});

	test('answers a challenge that is markup as plain text too', async () => {
		const challenge = '<script>alert(1)</script>';
		const { answer } = await request({ name: 'setup', query: { ...QUERY, 'hub.challenge': challenge } });
		expect(answer).toMatchObject({ contentType: 'text/plain', text: challenge });
	});

	test('refuses a wrong verify token with 403 and does not repeat the challenge', async () => {
		const { answer, log } = await request({ name: 'setup', query: { ...QUERY, 'hub.verify_token': 'guess' } });
		expect(answer.status).toBe(403);
		expect(answer.text).not.toContain('1158201444');
		expect(log.join()).toContain('differs from the Verify Token in the credential');
		expect(log.join()).not.toContain('open sesame');
	});

	test('refuses everyone while the credential has no verify token', async () => {
		const credential = { ...CREDENTIAL, verifyToken: '' };
		const { answer } = await request({ name: 'setup', query: { ...QUERY, 'hub.verify_token': '' }, credential });
		expect(answer.status).toBe(403);
	});

	test('does not do handshakes in relay mode', async () => {
		const { answer } = await request({ name: 'setup', query: QUERY, parameters: { mode: 'relay' } });
		expect(answer.status).toBe(405);
		expect(answer.text).not.toContain('1158201444');
	});
});

function raw(parameters: INodeParameters = {}): FakeRequest {
	return { parameters: { ...parameters, simplify: false } };
}

describe('a post of Meta', () => {
	test('becomes one flat item, identified by field, account and time', async () => {
		const { items, result } = await post(comment('17865799348089039'));
		expect(items).toEqual([
			{
				json: {
					object: 'instagram',
					field: 'comments',
					account_id: ACCOUNT,
					occurred_at: '2025-12-01T01:03:20.000Z',
					event_id: expect.stringMatching(/^[\w-]{16}$/),
					comment_id: '17865799348089039',
					text: 'Lindo! \u2764 caf\u00e9?',
					from_id: '1009876543210987',
					from_username: 'ana.souza',
					media_id: '17918195224117851',
					media_product_type: 'FEED',
				},
			},
		]);
		expect(result.noWebhookResponse).toBeUndefined();
	});

	test('keeps the value whole when the output is not simplified', async () => {
		const { items } = await post(comment('1'), raw());
		expect(items[0]?.json).toMatchObject({
			object: 'instagram',
			origin: 'changes',
			field: 'comments',
			value: { id: '1', from: { username: 'ana.souza' }, media: { id: '17918195224117851' } },
		});
	});

	test('gives one item for each event of a batch, in their order', async () => {
		const batch = {
			object: 'instagram',
			entry: [
				{ id: ACCOUNT, time: 1, changes: [1, 2].map((id) => ({ field: 'comments', value: { id: String(id) } })) },
				{ id: '17841400000000009', time: 2, changes: [{ field: 'mentions', value: { media_id: '3' } }] },
				{
					id: ACCOUNT,
					time: 3,
					messaging: [{ sender: { id: '4' }, timestamp: 1764551999876, message: { mid: 'm', text: 'oi' } }],
				},
			],
		};
		const { items } = await post(batch);
		expect(items.map(({ json }) => [json.field, json.account_id])).toEqual([
			['comments', ACCOUNT],
			['comments', ACCOUNT],
			['mentions', '17841400000000009'],
			['messages', ACCOUNT],
		]);
		expect(items[3]?.json).toMatchObject({ sender_id: '4', message_mid: 'm', message_text: 'oi' });
	});

	test('gives a batch of 1,000 comments as 1,000 items', async () => {
		const list = Array.from({ length: 1_000 }, (_, index) => ({ field: 'comments', value: { id: `c${index}` } }));
		const { items } = await post(changes(...list));
		expect(items).toHaveLength(1_000);
		expect(items[999]?.json.comment_id).toBe('c999');
	});

	test('keeps a field that Meta invents tomorrow', async () => {
		const { items } = await post(changes({ field: 'poll_vote', value: { choice: { id: '7' } } }));
		expect(items[0]?.json).toMatchObject({ field: 'poll_vote', choice_id: '7' });
	});

	test('keeps its own columns and marks apart from members of the same name', async () => {
		const value = { object: 'a', field: 'b', account_id: 'c', sample: true, replay: true };
		const { items } = await post(changes({ field: 'poll_vote', value }));
		expect(items[0]?.json).toMatchObject({
			object: 'instagram',
			field: 'poll_vote',
			value_object: 'a',
			value_field: 'b',
			value_account_id: 'c',
			value_sample: true,
			value_replay: true,
		});
		expect(items[0]?.json).not.toHaveProperty('sample');
		expect(items[0]?.json).not.toHaveProperty('replay');
	});

	test('keeps ids that JavaScript numbers cannot hold', async () => {
		const body = `{"object":"instagram","entry":[{"id":17841436214263005,"time":1,"changes":[{"field":"comments","value":{"id":17865799348089039}}]}]}`;
		const { items } = await post(body);
		expect(items[0]?.json).toMatchObject({ account_id: '17841436214263005', comment_id: '17865799348089039' });
	});

	test('turns story counts under five into null, with the reason', async () => {
		const value = { media_id: '18023345989012588', reach: 17, taps_back: -1, exits: -1, replies: 0 };
		const { items } = await post(changes({ field: 'story_insights', value }));
		expect(items[0]?.json).toMatchObject({
			reach: 17,
			replies: 0,
			taps_back: null,
			exits: null,
			unavailable: 'taps_back: privacy-floor; exits: privacy-floor',
		});
	});

	test('keeps a body that is not an envelope as an unknown event', async () => {
		const { items } = await post('{"hello":"Meta"}');
		expect(items[0]?.json).toMatchObject({ field: 'unknown', body: '{"hello":"Meta"}' });
	});
});

describe('the signature of a post', () => {
	test.each([
		['App Secret', APP_SECRET],
		['Instagram App Secret', INSTAGRAM_APP_SECRET],
	])('is accepted when it is of the %s', async (_, secret) => {
		const { items } = await post(comment('1'), {}, secret);
		expect(items).toHaveLength(1);
	});

	test('is accepted when it is of any secret of a field with several', async () => {
		const credential = { ...CREDENTIAL, appSecret: 'new-secret, old-secret', instagramAppSecret: '' };
		const { items } = await post(comment('1'), { credential }, 'old-secret');
		expect(items).toHaveLength(1);
	});

	test.each([
		['forged', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
		['missing', {}],
		['not a signature', { 'x-hub-signature-256': 'sha256=hello' }],
	])('is answered 401 and starts nothing when it is %s', async (_, headers) => {
		const { body } = signWebhook(comment('1'), INSTAGRAM_APP_SECRET);
		const { answer, result, log } = await request({ body, headers });
		expect(answer).toMatchObject({ status: 401, contentType: 'text/plain' });
		expect(result).toEqual({ noWebhookResponse: true });
		expect(log).toHaveLength(1);
	});

	test('is refused for the same JSON in other bytes', async () => {
		const { headers } = signWebhook(comment('1'), INSTAGRAM_APP_SECRET);
		const { answer } = await request({ body: Buffer.from(JSON.stringify(comment('1'))), headers });
		expect(answer.status).toBe(401);
	});

	test('is refused when it is the old SHA-1 alone', async () => {
		const { body } = signWebhook(comment('1'), INSTAGRAM_APP_SECRET);
		const sha1 = createHmac('sha1', INSTAGRAM_APP_SECRET).update(body).digest('hex');
		const { answer } = await request({ body, headers: { 'x-hub-signature': `sha1=${sha1}` } });
		expect(answer.status).toBe(401);
	});

	test('is refused while the credential has no app secret, even an empty one', async () => {
		const credential = { ...CREDENTIAL, appSecret: '', instagramAppSecret: '' };
		const { answer } = await post(comment('1'), { credential }, '');
		expect(answer.status).toBe(401);
	});

	test('is refused when it is of the placeholder that n8n shows for a secret', async () => {
		const placeholder = '__n8n_BLANK_VALUE_e5362baf-c777-4d57-a609-6eaf1f9e87f6';
		const credential = {
			...CREDENTIAL,
			appSecret: placeholder,
			instagramAppSecret: placeholder,
			verifyToken: placeholder,
		};
		const { answer, items } = await post(comment('1'), { credential }, placeholder);
		expect([answer.status, items]).toEqual([401, []]);
		const query = { 'hub.mode': 'subscribe', 'hub.verify_token': placeholder, 'hub.challenge': '1' };
		expect((await request({ name: 'setup', query, credential })).answer.status).toBe(403);
	});

	test('does not tell a stranger which secrets there are', async () => {
		const { answer, log } = await post(comment('1'), {}, 'guess');
		expect(`${answer.text} ${log.join()}`).not.toMatch(/sandbox|guess/);
	});
});

describe('filters', () => {
	test('let only the chosen fields through', async () => {
		const batch = changes({ field: 'comments', value: { id: '1' } }, { field: 'mentions', value: { media_id: '2' } });
		const { items } = await post(batch, { parameters: { fields: ['mentions'] } });
		expect(items.map(({ json }) => json.field)).toEqual(['mentions']);
	});

	test('answer 200 and start nothing when no event is wanted', async () => {
		const { result, answer } = await post(comment('1'), { parameters: { fields: ['mentions'] } });
		expect(result.workflowData).toBeUndefined();
		expect(result.webhookResponse).toEqual({ message: 'Received, nothing to do' });
		expect(answer.status).toBe(0);
	});

	test('let only the chosen accounts through', async () => {
		const options = { accountIds: '17841400000000009, 17841400000000010' };
		const mine = await post(comment('1', 'x', '17841400000000010'), { parameters: { options } });
		const others = await post(comment('1'), { parameters: { options } });
		expect([mine.items.length, others.items.length]).toEqual([1, 0]);
	});

	test.each([true, false])(
		"let samples of Meta's Test button through for every account, listening: %s",
		async (listening) => {
			const parameters = { options: { accountIds: ACCOUNT } };
			const { items } = await post(comment('1', 'x', '0'), { parameters, listening });
			expect(items).toMatchObject([{ json: { sample: true, account_id: '0' } }]);
		},
	);
});
