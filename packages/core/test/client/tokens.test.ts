import { inspect } from 'node:util';
import { APPS } from '@instagram-insights/graph-sandbox';
import { describe, expect, test } from 'vitest';
import { DEFAULT_GRAPH_VERSION } from '../../src/catalog/graph-version.ts';
import type { Host } from '../../src/catalog/host.ts';
import { createTokenClient, type TokenClientOptions } from '../../src/client/tokens.ts';
import { manualClock, type ScriptedAnswer, scriptedTransport } from '../../src/testing/index.ts';
import { createUndiciTransport } from '../../src/undici/index.ts';
import { NOON, sandboxStand } from './sandbox-stand.ts';

const stand = sandboxStand();
const SIXTY_DAYS = new Date('2027-01-22T20:00:00.000Z');

function real(host: Host, options: Partial<TokenClientOptions> = {}) {
	const { facebookUrl, instagramUrl } = stand.sandbox();
	const transport = createUndiciTransport({
		accessToken: 'unused',
		baseUrls: { 'graph.facebook.com': facebookUrl, 'graph.instagram.com': instagramUrl },
	});
	const app = host === 'graph.facebook.com' ? APPS.facebook : APPS.instagram;
	return createTokenClient({
		host,
		transport,
		clock: manualClock(NOON),
		appId: app.id,
		appSecret: app.secret,
		...options,
	});
}
function scripted(host: Host, script: readonly ScriptedAnswer[]) {
	const transport = scriptedTransport(script);
	const clock = manualClock(NOON, { passing: 'by-itself' });
	const client = createTokenClient({
		host,
		transport,
		clock,
		appId: '77',
		appSecret: 'planted-secret',
		random: () => 0,
	});
	return { transport, client };
}

describe('exchange', () => {
	test('exchanges a short-lived token of Instagram Login for one of 60 days', async () => {
		const token = await real('graph.instagram.com').exchange('IGAA-sandbox-large-short');
		expect(token).toMatchObject({ accessToken: expect.stringContaining('IGAA'), expiresAt: SIXTY_DAYS });
		expect(stand.sandbox().requests()[0]).toMatchObject({ path: '/access_token', version: null });
	});

	test('exchanges a short-lived token of Facebook Login for a long-lived one', async () => {
		const token = await real('graph.facebook.com').exchange('EAA-sandbox-large-short');
		expect(token.accessToken).toMatch(/^EAA/);
		expect(stand.sandbox().requests()[0]).toMatchObject({
			path: '/oauth/access_token',
			version: DEFAULT_GRAPH_VERSION,
		});
	});

	test('says that a token of the dashboard is already long-lived', async () => {
		await expect(real('graph.instagram.com').exchange('IGAA-sandbox-large')).rejects.toMatchObject({
			kind: 'auth',
			advice: expect.stringContaining('already long-lived'),
		});
	});

	test.each(['', '__n8n_BLANK_VALUE_1', '77|planted-secret'])(
		'does not send what cannot be a token: %j',
		async (token) => {
			const { client, transport } = scripted('graph.instagram.com', []);
			await expect(client.exchange(token)).rejects.toMatchObject({ kind: 'auth' });
			await expect(client.refresh(token)).rejects.toMatchObject({ kind: 'auth' });
			expect(transport.requests).toEqual([]);
		},
	);

	test('requires the app secret before anything is sent', async () => {
		const asked = real('graph.instagram.com', { appSecret: undefined }).exchange('x');
		await expect(asked).rejects.toMatchObject({
			kind: 'invalid-query',
			message: expect.stringContaining('app secret'),
		});
		expect(stand.sent()).toEqual([]);
	});
});

describe('refresh', () => {
	test('gives a new token of 60 days with its permissions', async () => {
		const token = await real('graph.instagram.com').refresh('IGAA-sandbox-large-due');
		expect(token).toMatchObject({ issuedAt: new Date(NOON), expiresAt: SIXTY_DAYS });
		expect(token.accessToken).not.toBe('IGAA-sandbox-large-due');
		expect(token.permissions).toContain('instagram_business_manage_insights');
	});

	test.each(['IGAA-sandbox-large-young', 'IGAA-sandbox-large-expired'])('is refused for %s', async (value) => {
		await expect(real('graph.instagram.com').refresh(value)).rejects.toMatchObject({ name: 'InsightsError' });
	});

	test('does not exist with Facebook Login', async () => {
		await expect(real('graph.facebook.com').refresh('EAA-sandbox-large')).rejects.toMatchObject({
			kind: 'invalid-query',
		});
		expect(stand.sent()).toEqual([]);
	});

	test('reads answers wrapped in data, permissions as an array, and ids beyond 2^53', async () => {
		const { client } = scripted('graph.instagram.com', [
			{
				body: '{"data":[{"access_token":"IGAAnew","user_id":17841401714833791,"permissions":["a","b"],"expires_in":5184000}]}',
			},
		]);
		expect(await client.refresh('IGAAold')).toEqual({
			accessToken: 'IGAAnew',
			issuedAt: new Date(NOON),
			expiresAt: SIXTY_DAYS,
			permissions: ['a', 'b'],
		});
	});
});

describe('debug', () => {
	test('returns the type and scopes of a token', async () => {
		const facts = await real('graph.facebook.com').debug('EAA-sandbox-large');
		expect(facts).toMatchObject({ isValid: true, appId: APPS.facebook.id });
		expect(facts.scopes).toContain('instagram_manage_insights');
	});

	test('reports an expired token', async () => {
		expect(await real('graph.facebook.com').debug('EAA-sandbox-large-expired')).toMatchObject({ isValid: false });
	});

	test('does not exist with Instagram Login', async () => {
		await expect(real('graph.instagram.com').debug('x')).rejects.toMatchObject({ kind: 'invalid-query' });
	});
});

describe('secrets of token requests', () => {
	const echo: ScriptedAnswer = {
		status: 400,
		body: { error: { code: 100, message: 'Invalid planted-token with planted-secret for access_token=planted-token' } },
	};
	const broken = () => new Error('GET https://x/?access_token=planted-token&client_secret=planted-secret failed');

	test.each([
		['a refusal that repeats them', [echo]],
		['a broken connection that names the address', [broken(), broken(), broken()]],
		['an answer that is not JSON', [{ body: 'planted-token planted-secret' }, { body: 'planted-token' }]],
		['an answer without a token', [{ body: { planted: 'planted-token' } }, { body: {} }]],
	])('never appear in %s', async (_, script) => {
		for (const host of ['graph.instagram.com', 'graph.facebook.com'] as const) {
			const error = await scripted(host, script)
				.client.exchange('planted-token')
				.catch((reason: unknown) => reason);
			expect(error).toMatchObject({ name: 'InsightsError' });
			expect(inspect(error, { depth: 12, showHidden: true })).not.toMatch(/planted-(token|secret)/);
		}
	});
});
