import { LOGINS } from '@instagram-insights/core/internal';
import fc from 'fast-check';
import { type ICredentialDataDecryptedObject, type ICredentialType, NodeHelpers } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { addressOf } from '../../credentials/formParts';
import { InstagramInsightsApi } from '../../credentials/InstagramInsightsApi.credentials';
import { InstagramInsightsFacebookApi } from '../../credentials/InstagramInsightsFacebookApi.credentials';
import { InstagramInsightsFacebookOAuth2Api } from '../../credentials/InstagramInsightsFacebookOAuth2Api.credentials';
import { InstagramInsightsOAuth2Api } from '../../credentials/InstagramInsightsOAuth2Api.credentials';
import { InstagramInsightsWebhookApi } from '../../credentials/InstagramInsightsWebhookApi.credentials';

const CREDENTIALS: readonly (readonly [name: string, credential: ICredentialType, meta: string])[] = [
	[InstagramInsightsApi, 'https://graph.instagram.com'] as const,
	[InstagramInsightsOAuth2Api, 'https://graph.instagram.com'] as const,
	[InstagramInsightsFacebookApi, 'https://graph.facebook.com'] as const,
	[InstagramInsightsFacebookOAuth2Api, 'https://graph.facebook.com'] as const,
	[InstagramInsightsWebhookApi, 'https://graph.facebook.com'] as const,
].map(([Credential, meta]) => [Credential.name, new Credential(), meta]);

describe.each(CREDENTIALS)('the form of %s', (_name, { properties, test: check }, meta) => {
	/** What a node gets of a stored credential: n8n drops the values of fields that do not show. */
	const read = (stored: ICredentialDataDecryptedObject) =>
		NodeHelpers.getNodeParameters(properties, stored as never, true, false, null, null) ?? {};
	/** The names of what the form shows, given the values of its fields. */
	const shown = (values: ICredentialDataDecryptedObject) => {
		const full = NodeHelpers.getNodeParameters(properties, values as never, true, true, null, null) ?? {};
		return properties
			.filter(({ type }) => type !== 'hidden')
			.filter((property) => NodeHelpers.displayParameter({ ...full, ...values } as never, property, null, null))
			.map(({ name }) => name);
	};

	test('calls Meta and hides the address until the user asks for another one', () => {
		expect(read({}).baseUrl).toBe(meta);
		expect(shown({})).not.toContain('baseUrl');
		expect(shown({})).not.toContain('baseUrlNotice');
		expect(shown({ changesBaseUrl: true })).toContain('baseUrl');
	});

	test.each([
		['', meta],
		[' \n', meta],
		[' https://proxy.example/graph\n', 'https://proxy.example/graph'],
	])('asks the address in the box without blanks, and Meta where it is empty: %j', (baseUrl, address) => {
		const { baseURL = '' } = check?.request ?? {};
		const expression = /^=\{\{(.*)\}\}$/.exec(baseURL)?.[1];
		expect(new Function('$credentials', `return ${expression}`)({ baseUrl })).toBe(address);
		expect(addressOf({ baseUrl }, meta)).toBe(address);
	});

	test('keeps every stored address, with and without the switch, and never hides it without a notice', () => {
		fc.assert(
			fc.property(
				fc.webUrl(),
				fc.constantFrom({}, { changesBaseUrl: false }, { changesBaseUrl: true }),
				(baseUrl, state) => {
					const stored = { ...state, baseUrl };
					expect(read(stored).baseUrl).toBe(baseUrl);
					const inSight = shown(stored).filter((name) => name === 'baseUrl' || name === 'baseUrlNotice');
					expect(inSight).toHaveLength(1);
				},
			),
		);
	});

	test('begins with a notice that says where the values come from, in the tags that n8n shows', () => {
		const notices = properties.filter(({ type, name }) => type === 'notice' && name !== 'baseUrlNotice');
		expect(notices.length).toBeGreaterThan(0);
		for (const { displayName } of notices) {
			expect(displayName.replace(/<\/?(ul|li|a)( [^>]*)?>/g, '')).not.toContain('<');
		}
		const first = properties.findIndex(({ type }) => type === 'string');
		expect(properties.findIndex(({ type }) => type === 'notice')).toBeLessThan(first);
	});
});

describe('Unified Login', () => {
	test('is named where its token is entered, with what is unknown, for as long as no page documents its insights', () => {
		expect(LOGINS.unified.insightsConfidence).toBe('low');
		expect(LOGINS.unified.host).toBe('graph.facebook.com');
		const { properties } = new InstagramInsightsFacebookApi();
		expect(properties[0]?.displayName).toMatch(/Unified Login.*only its webhooks.*unknown/);
	});
});
