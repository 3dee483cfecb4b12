import { DEFAULT_GRAPH_VERSION } from '@instagram-insights/core/internal';
import {
	type ICredentialDataDecryptedObject,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type INodeProperties,
	type INodeType,
	type INodeTypes,
	Workflow,
} from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import {
	InstagramInsightsApi,
	isDueForRefresh,
	judgeRefresh,
	refreshToken,
} from '../../credentials/InstagramInsightsApi.credentials';

const credential = new InstagramInsightsApi();

/** As n8n does for credentials, which belong to no node. */
const NO_NODE_TYPES: INodeTypes = {
	getByName: () => undefined as unknown as INodeType,
	getByNameAndVersion: () => ({ description: { properties: [] } }) as unknown as INodeType,
	getKnownTypes: () => ({}),
};

function field(name: string): INodeProperties | undefined {
	return credential.properties.find((property) => property.name === name);
}

/** The hook with a helper that answers so; counts its calls. */
async function preAuthentication(stored: ICredentialDataDecryptedObject, answer: () => unknown) {
	let calls = 0;
	const context = {
		helpers: {
			async httpRequest() {
				calls += 1;
				return answer();
			},
		},
	} as unknown as IHttpRequestHelper;
	return { output: await credential.preAuthentication.call(context, stored), calls: () => calls };
}

const STORED = {
	accessToken: 'IGAA-sandbox-bakery',
	baseUrl: 'https://graph.instagram.com',
	refreshAfter: 0,
	refreshMarker: '',
};

describe('InstagramInsightsApi', () => {
	test('sends the token in the header, never in the address', () => {
		expect(credential.authenticate.properties).toEqual({
			headers: { Authorization: '=Bearer {{$credentials.accessToken.trim()}}' },
		});
	});

	test('keeps one hidden field empty forever, so that n8n asks before every request', () => {
		expect(field('refreshMarker')).toMatchObject({ type: 'hidden', default: '', typeOptions: { expirable: true } });
	});

	test.each([
		['IGAA-plain', 'fixed'],
		['={{ "IGAA-" + "joined" }}', 'expression'],
	])('finds out whether the token comes from an expression: %s', (accessToken, heldAs) => {
		const node = {
			id: '',
			name: 'any',
			type: 'any',
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: {},
		};
		const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes: NO_NODE_TYPES });
		const stored = { accessToken, heldAs: field('heldAs')?.default as string };
		const { expression } = workflow;
		// As n8n resolves the fields of a credential.
		expect(expression.getComplexParameterValue(node, stored, 'internal', {}, undefined, undefined, stored)).toEqual({
			accessToken: accessToken === 'IGAA-plain' ? 'IGAA-plain' : 'IGAA-joined',
			heldAs,
		});
	});

	test('tests under the version that the node calls', () => {
		expect(credential.test.request.url).toBe(`/${DEFAULT_GRAPH_VERSION}/me/insights`);
		expect(credential.httpRequestNode.apiBaseUrl).toContain(`/${DEFAULT_GRAPH_VERSION}/`);
	});
});

describe('InstagramInsightsApi.preAuthentication', () => {
	test('gives the new token to n8n, with the marker empty so that it is stored', async () => {
		const { output } = await preAuthentication(STORED, () => ({
			statusCode: 200,
			body: { access_token: 'IGAA-sandbox-new', expires_in: 5_184_000 },
		}));
		expect(output).toEqual({
			refreshMarker: '',
			accessToken: 'IGAA-sandbox-new',
			refreshAfter: expect.any(Number) as number,
		});
	});

	test('stores nothing while the token is not due', async () => {
		const inAWeek = { ...STORED, refreshAfter: Date.now() + 7 * 86_400_000 };
		const { output, calls } = await preAuthentication(inAWeek, () => undefined);
		expect(output).toEqual({});
		expect(calls()).toBe(0);
	});

	test('stores only the time of the next attempt when Meta refuses', async () => {
		const { output } = await preAuthentication(STORED, () => ({ statusCode: 400, body: { error: { code: 190 } } }));
		expect(output).toEqual({ refreshMarker: '', refreshAfter: expect.any(Number) as number });
	});

	test('does nothing for a token that comes from an expression', async () => {
		const { output, calls } = await preAuthentication({ ...STORED, heldAs: 'expression' }, () => undefined);
		expect(output).toEqual({});
		expect(calls()).toBe(0);
	});
});

const NOW = Date.parse('2026-11-23T12:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function credentials(change: ICredentialDataDecryptedObject = {}): ICredentialDataDecryptedObject {
	return {
		accessToken: 'IGAA-sandbox-bakery',
		baseUrl: 'https://graph.instagram.com',
		refreshAfter: 0,
		heldAs: 'fixed',
		refreshMarker: '',
		...change,
	};
}

describe('isDueForRefresh', () => {
	test('looks at a token that was never looked at', () => {
		expect(isDueForRefresh(credentials(), NOW)).toBe(true);
	});

	test('waits until the noted time and no longer', () => {
		expect(isDueForRefresh(credentials({ refreshAfter: NOW + 1 }), NOW)).toBe(false);
		expect(isDueForRefresh(credentials({ refreshAfter: NOW }), NOW)).toBe(true);
	});

	test('reads a time that was stored as text', () => {
		expect(isDueForRefresh(credentials({ refreshAfter: String(NOW + DAY) }), NOW)).toBe(false);
	});

	test('takes an unreadable time for none', () => {
		expect(isDueForRefresh(credentials({ refreshAfter: 'soon' }), NOW)).toBe(true);
	});

	test('leaves a token alone that comes from an expression', () => {
		expect(isDueForRefresh(credentials({ heldAs: 'expression' }), NOW)).toBe(false);
	});

	test('has nothing to do without a token', () => {
		expect(isDueForRefresh(credentials({ accessToken: '' }), NOW)).toBe(false);
	});
});

describe('judgeRefresh', () => {
	test('keeps the new token and looks again in a week', () => {
		const answer = { access_token: 'IGAA-sandbox-new', token_type: 'bearer', expires_in: 5_184_000 };
		expect(judgeRefresh(200, answer, NOW)).toEqual({ accessToken: 'IGAA-sandbox-new', refreshAfter: NOW + 7 * DAY });
	});

	test('looks again at half the life of a token that lives less than two weeks', () => {
		const answer = { access_token: 'IGAA-sandbox-new', expires_in: (4 * DAY) / 1000 };
		expect(judgeRefresh(200, answer, NOW)).toEqual({ accessToken: 'IGAA-sandbox-new', refreshAfter: NOW + 2 * DAY });
	});

	test('looks again tomorrow when the lifetime is missing', () => {
		expect(judgeRefresh(200, { access_token: 'IGAA-sandbox-new' }, NOW)).toEqual({
			accessToken: 'IGAA-sandbox-new',
			refreshAfter: NOW + DAY,
		});
	});

	test.each([
		['a token under 24 hours old or dead', 400],
		['a token Meta does not take', 401],
	])('keeps the old token and looks again tomorrow after a refusal: %s', (_, status) => {
		expect(judgeRefresh(status, { error: { code: 190 } }, NOW)).toEqual({ refreshAfter: NOW + DAY });
	});

	test.each([
		['no answer', 0],
		['a time-out on the way', 408],
		['too many calls', 429],
		['a broken server', 503],
	])('looks again in an hour after trouble: %s', (_, status) => {
		expect(judgeRefresh(status, undefined, NOW)).toEqual({ refreshAfter: NOW + HOUR });
	});

	test('takes an answer without a token for trouble', () => {
		expect(judgeRefresh(200, '<html>', NOW)).toEqual({ refreshAfter: NOW + HOUR });
		expect(judgeRefresh(200, { access_token: '' }, NOW)).toEqual({ refreshAfter: NOW + HOUR });
	});
});

describe('refreshToken', () => {
	function http(answer: () => unknown): { helpers: IHttpRequestHelper['helpers']; sent: IHttpRequestOptions[] } {
		const sent: IHttpRequestOptions[] = [];
		return {
			sent,
			helpers: {
				async httpRequest(request: IHttpRequestOptions) {
					sent.push(request);
					return answer();
				},
			} as IHttpRequestHelper['helpers'],
		};
	}

	test("asks Meta's endpoint under the base address, without a version", async () => {
		const { helpers, sent } = http(() => ({
			statusCode: 200,
			body: { access_token: 'IGAA-sandbox-new', expires_in: 5_184_000 },
		}));
		await refreshToken(
			helpers,
			credentials({
				accessToken: 'IGAA-sandbox-bakery\n',
				baseUrl: ' http://127.0.0.1:8788/graph.instagram.com/\n',
			}),
			NOW,
		);
		expect(sent).toMatchObject([
			{
				method: 'GET',
				url: 'http://127.0.0.1:8788/graph.instagram.com/refresh_access_token',
				qs: { grant_type: 'ig_refresh_token', access_token: 'IGAA-sandbox-bakery' },
			},
		]);
	});

	test.each([[''], ['  '], [undefined]])("asks Meta's own address where the base URL is empty: %j", async (baseUrl) => {
		const { helpers, sent } = http(() => ({ statusCode: 200, body: {} }));
		await refreshToken(helpers, credentials({ baseUrl: baseUrl as never }), NOW);
		expect(sent).toMatchObject([{ url: 'https://graph.instagram.com/refresh_access_token' }]);
	});

	test('never throws: the request that waits goes out with the old token', async () => {
		const { helpers } = http(() => {
			throw new Error('ECONNREFUSED');
		});
		await expect(refreshToken(helpers, credentials(), NOW)).resolves.toEqual({ refreshAfter: NOW + HOUR });
	});
});
