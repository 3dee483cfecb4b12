import { startSandbox } from '@instagram-insights/graph-sandbox';
import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { AUTHENTICATIONS } from '../../nodes/graph/authentication';
import { InstagramInsightsPollingTrigger } from '../../nodes/InstagramInsightsPollingTrigger/InstagramInsightsPollingTrigger.node';
import { allParameters, type PanelState, panelStates, shows } from '../panel.mts';
import { pollingWorkflow } from './polling-workflow.mts';

const { description } = new InstagramInsightsPollingTrigger();
const { properties } = description;
const states = panelStates(description);

function visible(state: PanelState): INodeProperties[] {
	return properties.filter((property) => shows(property, state));
}

describe('InstagramInsightsPollingTrigger.description', () => {
	test('asks for the credential that belongs to the authentication', () => {
		const byAuthentication = description.credentials?.map(({ name, displayOptions }) => [
			displayOptions?.show?.authentication,
			name,
		]);
		const expected = Object.entries(AUTHENTICATIONS).map(([name, { credentialType }]) => [[name], credentialType]);
		expect(byAuthentication).toEqual(expected);
	});

	test.each([
		['rearmPercent', ['accountThreshold', 'mediaThreshold']],
		['allowUnlisted', ['accountThreshold', 'mediaThreshold', 'newMedia', 'storyExpiring']],
	])('offers the option %s only for events that use it', (name, events) => {
		const option = allParameters(properties).find((property) => property.name === name);
		const shown = states.filter((state) => option !== undefined && shows(option, state)).map(({ event }) => event);
		expect([...new Set(shown)]).toEqual(events);
	});

	test('does not insist on a medium, which shows too while Watch is an expression', () => {
		expect(properties.find(({ name }) => name === 'media')?.required).toBe(false);
	});

	// Without the tokens, of which the account decides: one login stands for all.
	const byEvent = Map.groupBy(states, ({ event }) => String(event));
	test.each([...byEvent])('reads every parameter that it shows for %s', async (_, all) => {
		const sandbox = await startSandbox();
		const [medium] = sandbox.world.account('bakery').media();
		const media = { __rl: true, mode: 'id', value: medium?.id ?? '' };
		const shown = new Set<string>();
		const read = new Set<string>();
		for (const state of all.filter(({ authentication }) => authentication === 'instagramLogin')) {
			for (const { name } of visible(state)) shown.add(name);
			const workflow = pollingWorkflow(sandbox, { ...state, media } as INodeParameters);
			await workflow.start();
			await workflow.test().catch(() => []);
			for (const name of workflow.asked) read.add(name);
		}
		await sandbox.stop();
		expect([...shown].filter((name) => !read.has(name))).toEqual([]);
	});
});
