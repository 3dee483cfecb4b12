import { LOGINS, type LoginType, WEBHOOK_FIELDS, type WebhookFieldRow } from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { AUTHENTICATIONS, isAuthentication } from '../../nodes/graph/authentication';
import { InstagramInsightsTrigger } from '../../nodes/InstagramInsightsTrigger/InstagramInsightsTrigger.node';
import { readFields } from '../../nodes/InstagramInsightsTrigger/receive/parameters';
import { choicesOf, type PanelState, panelStates, shows } from '../panel.mts';

const { description } = new InstagramInsightsTrigger();
const { properties } = description;
const states = panelStates(description);

function visible(state: PanelState): INodeProperties[] {
	return properties.filter((property) => shows(property, state));
}

describe('InstagramInsightsTrigger.description', () => {
	test('reports for each way of receiving what to set up, once', () => {
		for (const state of states) {
			const notices = visible(state).filter(({ type }) => type === 'notice');
			expect(notices, JSON.stringify(state)).toHaveLength(1);
		}
	});

	test('says in the picker what both nodes do, for n8n shows this text for the pair', () => {
		for (const word of [/numbers/, /posts/, /reels/, /stories/, /audience/, /comments/, /mentions/, /messages/]) {
			expect(description.description).toMatch(word);
		}
	});

	test('gives the picker few events, and every field of Meta behind the last', () => {
		expect(choicesOf(named('fields')).map(({ name }) => name)).toEqual([
			'All Events',
			'Comments',
			'Mentions',
			'Messages and Their Changes',
			'Other Fields',
			'Story Insights',
		]);
	});

	test('offers the fields that Meta sends under their own name with some login, and says with which not', () => {
		const offered = new Map(choicesOf(named('otherFields')).map(({ value, description: text }) => [value, text]));
		for (const [field, { logins }] of Object.entries<WebhookFieldRow>(WEBHOOK_FIELDS)) {
			const ways = Object.entries(logins);
			expect(offered.has(field), field).toBe(ways.some(([, way]) => typeof way === 'string' && way !== 'none'));
			for (const [login, way] of ways.filter(
				([, each]) => offered.has(field) && (each === 'none' || typeof each === 'object'),
			)) {
				const { shortTitle } = LOGINS[login as LoginType];
				expect(offered.get(field), field).toMatch(
					way === 'none' ? `Not with ${shortTitle}` : `With ${shortTitle}, these arrive`,
				);
			}
		}
		// Instagram Login refuses this name, and with no login is it subscribed to.
		expect(offered.has('message_echoes')).toBe(false);
	});

	test('says why Execute step waits wherever Meta calls directly, and links to where the steps are done', () => {
		for (const state of states.filter(({ mode }) => mode === 'direct')) {
			const [notice] = visible(state).filter(({ type }) => type === 'notice');
			expect(notice?.displayName).toContain('Execute step');
			expect(notice?.displayName).toMatch(/production URL|Executions/);
			if (state.registration === 'manual')
				expect(notice?.displayName).toContain('https://developers.facebook.com/apps/');
		}
	});

	test.each([
		[{ fields: ['comments'] }, ['comments']],
		[{ fields: ['messageEvents', 'mentions'] }, ['messages', 'message_edit', 'message_reactions', 'mentions']],
		[
			{ fields: ['otherFields', 'comments'], otherFields: ['live_comments', 'comments'] },
			['live_comments', 'comments'],
		],
		[{ fields: ['message_echoes'] }, ['message_echoes']],
		[
			{ fields: ['messageEvents'], options: { includeSent: true } },
			['messages', 'message_edit', 'message_reactions', 'message_echoes'],
		],
		[{ fields: ['comments'], options: { includeSent: true } }, ['comments']],
		[{ fields: [] }, ['*']],
		[{ fields: ['otherFields'], otherFields: [] }, ['*']],
	])('starts for %j on the fields %j', (given, expected) => {
		const values: Record<string, unknown> = given;
		expect(readFields({ getNodeParameter: (name, fallback) => values[name] ?? fallback })).toEqual(expected);
	});

	test('works with the webhook credential alone unless it is to subscribe an account', () => {
		const asked = (state: PanelState) =>
			(description.credentials ?? [])
				.filter(({ displayOptions }) => shows({ displayOptions } as INodeProperties, state))
				.map(({ name }) => name);
		const choices = choicesOf(named('authentication')).map(({ value }) => String(value));
		expect(choices.toSorted()).toEqual([...Object.keys(AUTHENTICATIONS), 'none'].toSorted());
		for (const authentication of choices) {
			const automatic = { mode: 'direct', registration: 'automatic', authentication };
			const expected = isAuthentication(authentication) ? [AUTHENTICATIONS[authentication].credentialType] : [];
			expect(asked(automatic)).toEqual(['instagramInsightsWebhookApi', ...expected]);
			expect(asked({ ...automatic, registration: 'manual' })).toEqual(['instagramInsightsWebhookApi']);
			expect(asked({ ...automatic, mode: 'relay' })).toEqual(['instagramInsightsWebhookApi']);
		}
	});

	test("leaves n8n's editor no reason to hide a parameter", () => {
		// The editor hides a parameter whose every choice asks for a credential, and those that it depends on.
		const shown = (description.credentials ?? []).map(({ displayOptions }) => displayOptions?.show ?? {});
		const deciding = new Set(shown.flatMap((show) => Object.keys(show)));
		expect([...deciding].toSorted()).toEqual(['authentication', 'mode', 'registration']);
		for (const name of deciding) {
			const covered = shown.flatMap((show) => show[name] ?? []);
			expect(
				choicesOf(named(name)).every(({ value }) => covered.includes(value)),
				name,
			).toBe(false);
		}
	});

	test('uses one path for Meta and for the sender, and shows one URL', () => {
		const { webhooks = [] } = description;
		expect(webhooks.map(({ httpMethod, path }) => `${httpMethod} ${path}`)).toEqual(['GET webhook', 'POST webhook']);
		expect(webhooks.filter(({ ndvHideUrl }) => ndvHideUrl !== true)).toHaveLength(1);
	});
});

function named(name: string): INodeProperties {
	const found = properties.find((property) => property.name === name);
	if (found === undefined) throw new Error(`no parameter ${name}`);
	return found;
}
