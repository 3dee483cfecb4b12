import { inspect } from 'node:util';
import { APPS } from '@instagram-insights/graph-sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { LoginType } from '../../src/catalog/host.ts';
import { WEBHOOK_FIELDS, type WebhookFieldRow } from '../../src/catalog/webhook-field.ts';
import {
	createAccountSubscription,
	createAppSubscriptions,
	readPageToken,
	type SubscriptionOptions,
} from '../../src/client/subscriptions.ts';
import { manualClock, type ScriptedAnswer, scriptedTransport } from '../../src/testing/index.ts';
import { createUndiciTransport } from '../../src/undici/index.ts';
import { readFixture } from '../graph/read-fixture.ts';
import { NOON, sandboxStand } from './sandbox-stand.ts';

const stand = sandboxStand();

function real(accessToken: string): SubscriptionOptions {
	const { facebookUrl, instagramUrl } = stand.sandbox();
	const baseUrls = { 'graph.facebook.com': facebookUrl, 'graph.instagram.com': instagramUrl };
	const transport = createUndiciTransport({ accessToken, baseUrls });
	onTestFinished(() => transport.close());
	return { transport, clock: manualClock(NOON, { passing: 'by-itself' }), secrets: [accessToken], random: () => 0 };
}

function scripted(login: LoginType, script: readonly ScriptedAnswer[]) {
	const transport = scriptedTransport(script);
	const clock = manualClock(NOON, { passing: 'by-itself' });
	const subscription = createAccountSubscription(
		{ login, node: 'me', name: 'bakery' },
		{ transport, clock, random: () => 0, secrets: ['planted-token'] },
	);
	const asked = () => transport.requests.map(({ query }) => query.subscribed_fields);
	return { subscription, asked, transport };
}

const DONE = { body: { success: true } };
const refusal = (index: number, got: string, list: string): ScriptedAnswer => ({
	status: 400,
	body: {
		error: { code: 100, message: `(#100) Param subscribed_fields[${index}] must be one of {${list}} - got "${got}".` },
	},
});

describe('the subscription of an account', () => {
	const bakery = { login: 'instagram', node: 'me', name: 'bakery' } as const;

	test('is written, read and removed', async () => {
		const subscription = createAccountSubscription(bakery, real('IGAA-sandbox-bakery'));
		expect(await subscription.read()).toBeNull();
		expect(await subscription.write(['comments', 'messages'])).toEqual({
			fields: ['comments', 'messages'],
			leftOut: [],
		});
		expect(await subscription.read()).toEqual(['comments', 'messages']);
		await subscription.remove();
		expect(await subscription.read()).toBeNull();
	});

	test('with Instagram Login accepts every field of the table at once, including echoes', async () => {
		const subscription = createAccountSubscription(bakery, real('IGAA-sandbox-bakery'));
		const { fields, leftOut } = await subscription.write(Object.keys(WEBHOOK_FIELDS));
		const never = Object.entries<WebhookFieldRow>(WEBHOOK_FIELDS).filter(
			([, { logins }]) => logins.instagram === 'none',
		);
		expect(leftOut).toEqual(never.map(([name]) => name));
		expect(await subscription.read()).toEqual(fields);
		expect(stand.sent().filter((line) => line.startsWith('POST'))).toHaveLength(1);
	});

	test('of a Page is written with the token of the Page', async () => {
		const pageToken = await readPageToken('10209411860111', real('EAA-sandbox-bakery'));
		const page = { login: 'facebook', node: '10209411860111', name: 'bakery' } as const;
		expect(await createAccountSubscription(page, real(pageToken)).write(['feed', 'messaging_seen'])).toEqual({
			fields: ['feed'],
			leftOut: ['messaging_seen'],
		});
	});

	test('with Unified Login goes to graph.facebook.com, for the account itself', async () => {
		const { subscription, transport } = scripted('unified', [DONE]);
		await subscription.write(['story_insights']);
		expect(transport.requests).toMatchObject([{ host: 'graph.facebook.com', path: '/me/subscribed_apps' }]);
	});

	test('leaves out what Meta refuses, and says so (F05)', async () => {
		const { body } = JSON.parse(readFixture('field-cases/F05-subscribed-fields.json'));
		// The fixture's list is cut, so only the name it got tells which one Meta means.
		const said = { status: 400, body: JSON.parse(JSON.stringify(body).replace('message_echoes', 'tomorrow')) };
		const { subscription, asked } = scripted('instagram', [said, DONE]);
		expect(await subscription.write(['comments', 'tomorrow'])).toEqual({ fields: ['comments'], leftOut: ['tomorrow'] });
		expect(asked()).toEqual(['comments,tomorrow', 'comments']);
	});

	test('never sends the name of F05', async () => {
		const { subscription, asked } = scripted('instagram', [DONE]);
		await subscription.write(['comments', 'message_echoes']);
		expect(asked()).toEqual(['comments,messages']);
	});

	test('leaves out everything that is not in the list of a refusal, in one request', async () => {
		const list = 'COMMENTS, LIVE_COMMENTS';
		const { subscription, asked } = scripted('instagram', [refusal(1, 'x', list), DONE]);
		expect(await subscription.write(['comments', 'x', 'y', 'live_comments'])).toEqual({
			fields: ['comments', 'live_comments'],
			leftOut: ['x', 'y'],
		});
		expect(asked()).toEqual(['comments,x,y,live_comments', 'comments,live_comments']);
	});

	test('uses the index if a refusal names no requested field', async () => {
		const { subscription, asked } = scripted('instagram', [refusal(0, 'X', '…'), refusal(1, 'Z', '…'), DONE]);
		expect(await subscription.write(['x', 'y', 'z'])).toEqual({ fields: ['y'], leftOut: ['x', 'z'] });
		expect(asked()).toEqual(['x,y,z', 'y,z', 'y']);
	});

	test('throws with the names if nothing is left', async () => {
		const { subscription } = scripted('instagram', [refusal(0, 'x', 'comments')]);
		await expect(subscription.write(['story_insights', 'x'])).rejects.toMatchObject({
			kind: 'invalid-query',
			message: expect.stringContaining('story_insights, x'),
			graph: { code: 100 },
		});
		await expect(scripted('instagram', []).subscription.write(['response_feedback'])).rejects.toMatchObject({
			message: expect.stringContaining('response_feedback'),
		});
	});

	test('throws every other refusal', async () => {
		const body = { error: { code: 190, message: 'Invalid OAuth access token planted-token.' } };
		const { subscription, asked } = scripted('instagram', [{ status: 400, body }]);
		const error = await subscription.write(['comments']).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ kind: 'auth' });
		expect(inspect(error, { depth: 9 })).not.toContain('planted-token');
		expect(asked()).toHaveLength(1);
	});

	test('retries after a temporary problem, as every question does', async () => {
		const stumble = { status: 500, body: { error: { code: 2, message: 'An unexpected error', is_transient: true } } };
		const { subscription, asked } = scripted('instagram', [stumble, DONE]);
		await subscription.write(['comments']);
		expect(asked()).toEqual(['comments', 'comments']);
	});

	test('throws if Meta does not confirm it', async () => {
		const { subscription } = scripted('instagram', [{ body: { success: false } }, { body: { success: false } }]);
		await expect(subscription.write(['comments'])).rejects.toMatchObject({ kind: 'answer-unreadable' });
	});
});

describe('the subscriptions of an app', () => {
	const { id, secret } = APPS.facebook;
	const open = (token = `${id}|${secret}`) => createAppSubscriptions(id, real(token));

	test('are none at first', async () => {
		expect(await open().read()).toEqual([]);
	});

	test('name the callback URL that Meta could not verify, without its query and the token', async () => {
		const callback = {
			callbackUrl: 'http://127.0.0.1:9/hook?key=planted',
			verifyToken: 'planted-word',
			fields: ['comments'],
		};
		const error = await open()
			.write(callback)
			.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ message: 'Meta could not verify the callback URL http://127.0.0.1:9/hook' });
		expect(inspect(error, { depth: 9 })).not.toContain('planted');
	});

	test('show no secret when Meta refuses the app token', async () => {
		const error = await open(`${id}|planted-secret`)
			.read()
			.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ brand: expect.anything() });
		expect(inspect(error, { depth: 9 })).not.toContain('planted-secret');
	});

	test('use the names the fields come with, leave out what Meta refuses, and return what it accepted', async () => {
		const transport = scriptedTransport([
			{
				status: 400,
				body: { error: { code: 100, message: '(#100) Param fields[1] must be one of {COMMENTS, MESSAGES} - got "x"' } },
			},
			DONE,
			{
				body: {
					data: [
						{ object: 'page', callback_url: 'https://a.example', fields: ['feed'] },
						{
							object: 'instagram',
							callback_url: 'https://b.example',
							active: false,
							fields: [{ name: 'comments', version: 'v25.0' }],
						},
						{ object: 'user' },
					],
				},
			},
		]);
		const app = createAppSubscriptions('1', { transport, clock: manualClock(NOON) });
		const wanted = { callbackUrl: 'https://b.example', verifyToken: 'v', fields: ['comments', 'x', 'message_echoes'] };
		expect(await app.write(wanted)).toEqual({ fields: ['comments', 'messages'], leftOut: ['x'] });
		expect(transport.requests.map(({ body }) => body?.fields)).toEqual(['comments,x,messages', 'comments,messages']);
		expect(transport.requests[1]?.body).toMatchObject({ object: 'instagram', include_values: 'true' });
		expect(await app.read()).toEqual([
			{ object: 'page', callbackUrl: 'https://a.example', active: true, fields: ['feed'] },
			{ object: 'instagram', callbackUrl: 'https://b.example', active: false, fields: ['comments'] },
			{ object: 'user', callbackUrl: '', active: true, fields: [] },
		]);
	});
});
