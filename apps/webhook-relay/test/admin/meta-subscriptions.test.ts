import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Host } from '@instagram-insights/core';
import { DEFAULT_GRAPH_VERSION } from '@instagram-insights/core/internal';
import { manualClock } from '@instagram-insights/core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMetaSubscriptions, loginOf, usualFields } from '../../src/admin/meta-subscriptions.ts';

const ACCOUNT_ID = '17841405309211844';
const PAGE_ID = '10209411860111';
const accountOf = (host: Host, node: string) => ({ name: 'bakery', host, node, token: 'planted-token' });
const UNIFIED = accountOf('graph.facebook.com', ACCOUNT_ID);

/** Graph as it answers one script, on loopback. */
async function startGraph(script: readonly { status: number; body: unknown }[]) {
	const asked: string[] = [];
	const server = createServer((request, response) => {
		const { status, body } = script[asked.length] ?? { status: 500, body: {} };
		const url = new URL(request.url ?? '/', 'http://graph');
		asked.push(`${request.method} ${url.pathname} ${url.searchParams.get('subscribed_fields') ?? ''}`);
		response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const baseUrls = { 'graph.facebook.com': url, 'graph.instagram.com': url };
	const clock = manualClock('2026-11-27T12:00:00.000Z', { passing: 'by-itself' });
	const subscriptions = createMetaSubscriptions({ appId: '2002', appSecret: 'planted-secret', baseUrls }, clock);
	onTestFinished(async () => {
		await subscriptions.close();
		await new Promise((resolve) => server.close(resolve));
	});
	return { subscriptions, asked };
}

describe('an account of META_ACCOUNTS', () => {
	test.each([
		['graph.instagram.com', 'me', 'instagram', ['comments', 'messages']],
		['graph.facebook.com', PAGE_ID, 'facebook', ['feed']],
		['graph.facebook.com', ACCOUNT_ID, 'unified', ['comments', 'messages']],
	] as const)('on %s as %s is of %s login, and subscribed to %j', (host, node, login, fields) => {
		expect(loginOf(accountOf(host, node))).toBe(login);
		expect(usualFields(accountOf(host, node))).toEqual(fields);
	});

	test("of Unified Login is subscribed by its own id, to Instagram's fields", async () => {
		const { subscriptions, asked } = await startGraph([{ status: 200, body: { success: true } }]);
		await subscriptions.writeAccount(UNIFIED, ['story_insights', 'message_echoes']);
		expect(asked).toEqual([`POST /${DEFAULT_GRAPH_VERSION}/${ACCOUNT_ID}/subscribed_apps story_insights,messages`]);
	});

	test('is subscribed to the fields Meta accepts, also after a temporary failure', async () => {
		const trouble = { error: { code: 2, message: 'Please retry', is_transient: true } };
		const refusal = {
			error: { code: 100, message: 'Param subscribed_fields[1] must be one of {comments} - got "x".' },
		};
		const { subscriptions, asked } = await startGraph([
			{ status: 500, body: trouble },
			{ status: 400, body: refusal },
			{ status: 200, body: { success: true } },
		]);
		expect(await subscriptions.writeAccount(UNIFIED, ['comments', 'x'])).toEqual({
			fields: ['comments'],
			leftOut: ['x'],
		});
		expect(asked.map((line) => line.split(' ')[2])).toEqual(['comments,x', 'comments,x', 'comments']);
	});

	test("is named when Meta's refusal repeats its token, and the token is removed", async () => {
		const refusal = { error: { code: 190, message: 'Cannot parse planted-token, planted-secret' } };
		const { subscriptions } = await startGraph([{ status: 400, body: refusal }]);
		await expect(subscriptions.readAccount(UNIFIED)).rejects.toMatchObject({
			message: expect.stringMatching(/^the subscription of bakery: (?!.*planted-token)/),
		});
	});
});
