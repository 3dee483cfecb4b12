import { DEFAULT_GRAPH_VERSION } from '@instagram-insights/core/internal';
import {
	type ICredentialDataDecryptedObject,
	type IHttpRequestHelper,
	type INodeProperties,
	type INodeType,
	type INodeTypes,
	Workflow,
} from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { InstagramInsightsApi } from '../../credentials/InstagramInsightsApi.credentials';

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
