import { type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hostOfToken } from '../src/catalog/host.ts';
import { type Connection, type ConnectOptions, connect } from '../src/connect.ts';
import { isInsightsError } from '../src/insights-error.ts';
import { NOON } from './client/sandbox-stand.ts';

let sandbox: Sandbox;
const open: Connection[] = [];

beforeAll(async () => {
	sandbox = await startSandbox({ now: () => new Date(NOON) });
});
beforeEach(() => sandbox.resetRequests());
afterEach(async () => {
	for (const connection of open.splice(0)) await connection.close();
});
afterAll(() => sandbox.stop());

function connectSandbox(options: ConnectOptions): Connection {
	const host = options.host ?? hostOfToken(String(options.accessToken));
	const baseUrl = host === 'graph.facebook.com' ? sandbox.facebookUrl : sandbox.instagramUrl;
	const connection = connect({ baseUrl, ...options });
	open.push(connection);
	return connection;
}

describe('connect', () => {
	test.each([
		['IGAA', 'graph.instagram.com'],
		['EAA', 'graph.facebook.com'],
	])('asks the host that a token with the prefix %s belongs to', async (prefix, host) => {
		const instagram = connectSandbox({ accessToken: `${prefix}-sandbox-tiny` });
		expect((await instagram.account()).username).toBe(sandbox.world.accounts.tiny?.username);
		expect(sandbox.requests().map((request) => request.host)).toEqual([host]);
	});

	test('uses the given host, whatever the prefix', async () => {
		const instagram = connectSandbox({ accessToken: 'EAA-sandbox-tiny', host: 'graph.instagram.com' });
		await expect(instagram.profile()).rejects.toMatchObject({ kind: 'wrong-host' });
		expect(sandbox.requests().map((request) => request.host)).toEqual(['graph.instagram.com']);
	});

	test('asks a token function for each request', async () => {
		const tokens = ['IGAA-sandbox-tiny', 'IGAA-sandbox-large'];
		const accessToken = () => tokens.shift() ?? '';
		const instagram = connectSandbox({ accessToken, host: 'graph.instagram.com' });
		await instagram.profile();
		await instagram.profile();
		expect(sandbox.requests().map((request) => request.account)).toEqual(['tiny', 'large']);
	});

	test('passes the options of a client on', async () => {
		const paths: string[] = [];
		const onRequest = ({ path }: { readonly path: string }) => paths.push(path);
		await connectSandbox({ accessToken: 'IGAA-sandbox-tiny', graphVersion: 'v24.0', onRequest }).profile();
		expect(sandbox.requests().map((request) => request.version)).toEqual(['v24.0']);
		expect(paths).toEqual(['/me']);
	});

	test.each([undefined, ''])('refuses the empty token %j', (accessToken) => {
		expect(() => connect({ accessToken })).toThrow(
			expect.objectContaining({ kind: 'auth', message: 'connect: "accessToken" is empty' }),
		);
	});

	test.each(['sk-secret-of-someone', () => 'IGAA-sandbox-tiny'])(
		'names the missing option if the host is unknown',
		(accessToken) => {
			expect.assertions(4);
			try {
				connect({ accessToken });
			} catch (error) {
				if (!isInsightsError(error)) throw error;
				expect(error.kind).toBe('invalid-query');
				expect(error.message).toContain('"host" is missing');
				expect(error.advice).toBe(
					`Pass the option "host": 'graph.instagram.com' (Instagram Login) or 'graph.facebook.com' (Facebook Login).`,
				);
				expect(`${error.message} ${error.stack}`).not.toContain('secret-of-someone');
			}
		},
	);

	test.each([
		['123456|abcdefgh', /app token/],
		['   ', /empty/],
		['undefined', /empty/],
		['Bearer IGAAxyz', /spaces or quotes/],
		['__n8n_BLANK_VALUE_e5362baf', /placeholder/],
	])('refuses a token whose form shows that Meta will refuse it: %s', (accessToken, message) => {
		expect(() => connect({ accessToken })).toThrow(message);
	});

	test('closes if nothing was requested', async () => {
		await expect(connect({ accessToken: 'IGAA' }).close()).resolves.toBeUndefined();
	});
});
