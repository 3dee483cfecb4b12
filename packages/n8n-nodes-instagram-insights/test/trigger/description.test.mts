import type { INodeProperties } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { AUTHENTICATIONS, isAuthentication } from '../../nodes/InstagramInsights/transport/authentication';
import { InstagramInsightsTrigger } from '../../nodes/InstagramInsightsTrigger/InstagramInsightsTrigger.node';
import { choicesOf, type PanelState, panelStates, shows } from '../panel.mts';

const { description } = new InstagramInsightsTrigger();
const { properties } = description;
const states = panelStates(description);

function visible(state: PanelState): INodeProperties[] {
	return properties.filter((property) => shows(property, state));
}

describe('InstagramInsightsTrigger.description', () => {
	test('tells for each way of receiving what to set up, once', () => {
		for (const state of states) {
			const notices = visible(state).filter(({ type }) => type === 'notice');
			expect(notices, JSON.stringify(state)).toHaveLength(1);
		}
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

	test('asks Meta and the sender for one path, and shows one URL', () => {
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
