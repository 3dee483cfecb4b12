import { describe, expect, test } from 'vitest';
import { InstagramInsightsWebhookApi } from '../../credentials/InstagramInsightsWebhookApi.credentials';
import { choicesOf, type PanelState, shows } from '../panel.mts';

const credential = new InstagramInsightsWebhookApi();
const REQUEST = { url: '/v25.0/1/subscriptions', headers: { accept: 'application/json' } };

describe('InstagramInsightsWebhookApi.authenticate', () => {
	test("sends the app's own token in a header", async () => {
		const signed = await credential.authenticate({ appId: ' 2002 ', appSecret: 'first' }, REQUEST);
		expect(signed.headers).toEqual({ accept: 'application/json', Authorization: 'Bearer 2002|first' });
		expect(signed.url).toBe(REQUEST.url);
	});

	test('takes the first of several secrets', async () => {
		const signed = await credential.authenticate({ appId: '2002', appSecret: 'new, old' }, REQUEST);
		expect(signed.headers?.Authorization).toBe('Bearer 2002|new');
	});

	test.each([[{}], [{ appId: '2002' }], [{ appSecret: 'first' }], [{ appId: '2002', appSecret: ' , ' }]])(
		'sends nothing while it has only %j',
		async (fields) => {
			expect(await credential.authenticate(fields, REQUEST)).toEqual(REQUEST);
		},
	);
});

describe('InstagramInsightsWebhookApi.properties', () => {
	const { properties } = credential;
	/** The boxes in sight, in order; what decides about others is not a box. */
	const boxes = (values: PanelState) =>
		properties
			.filter((property) => shows(property, values) && ['string'].includes(property.type))
			.map(({ name }) => name);
	const ALONE = { registersItself: false, changesBaseUrl: false, baseUrl: 'https://graph.facebook.com' };

	test('hides everything that is secret', () => {
		for (const { name, typeOptions } of properties) {
			expect(typeOptions?.password === true, name).toBe(/secret|token/i.test(name));
		}
	});

	test.each([
		['instagramLogin', ALONE, ['instagramAppSecret', 'verifyToken']],
		['facebookLogin', ALONE, ['appSecret', 'verifyToken']],
		['relay', ALONE, ['relaySecret']],
		[
			'instagramLogin',
			{ ...ALONE, registersItself: true },
			['instagramAppSecret', 'verifyToken', 'appId', 'appSecret'],
		],
		['facebookLogin', { ...ALONE, registersItself: true }, ['appSecret', 'verifyToken', 'appId']],
		['several', ALONE, ['instagramAppSecret', 'appSecret', 'verifyToken', 'appId', 'relaySecret']],
		['relay', { ...ALONE, changesBaseUrl: true }, ['relaySecret', 'baseUrl']],
	])('shows for %s with %j only %j', (eventsFrom, rest, expected) => {
		expect(boxes({ eventsFrom, ...rest })).toEqual(expected);
	});

	test('says in sight, for each sender, where every secret it needs is found', () => {
		for (const { value } of choicesOf(properties[0] ?? expect.fail())) {
			const state = { eventsFrom: String(value), ...ALONE };
			const [notice, ...more] = properties.filter((property) => property.type === 'notice' && shows(property, state));
			expect(more).toEqual([]);
			expect(notice?.displayName.replace(/<\/?(ul|li|a)( [^>]*)?>/g, '')).not.toContain('<');
			for (const name of boxes(state).filter((box) => box !== 'appId')) {
				const label = properties.find((property) => property.name === name)?.displayName;
				expect(notice?.displayName, String(value)).toContain(`${label}:`);
			}
		}
	});

	test('can be read by the trigger alone', () => {
		expect(credential.restrictToSupportedNodes).toBe(true);
		expect(credential.supportedNodes).toEqual(['instagramInsightsTrigger']);
	});
});
