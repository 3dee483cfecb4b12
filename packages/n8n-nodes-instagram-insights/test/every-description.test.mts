import { DATE_RANGE_PRESETS } from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { InstagramInsights } from '../nodes/InstagramInsights/InstagramInsights.node';
import { InstagramInsightsPollingTrigger } from '../nodes/InstagramInsightsPollingTrigger/InstagramInsightsPollingTrigger.node';
import { InstagramInsightsTrigger } from '../nodes/InstagramInsightsTrigger/InstagramInsightsTrigger.node';
import { allParameters, choicesOf, membersOf, type PanelState, panelStates, shows } from './panel.mts';

const NODES = [new InstagramInsights(), new InstagramInsightsTrigger(), new InstagramInsightsPollingTrigger()];

describe.each(NODES.map((node) => [node.description.displayName, node] as const))('the panel of %s', (_, node) => {
	const { description, methods } = node;
	const { properties } = description;
	const states = panelStates(description);
	const visible = (state: PanelState): INodeProperties[] => properties.filter((property) => shows(property, state));

	test('never shows two parameters with one name at the same time', () => {
		for (const state of states) {
			const names = visible(state).map(({ name }) => name);
			expect(names, JSON.stringify(state)).toEqual([...new Set(names)]);
		}
	});

	test('never shows two members with one name in a collection', () => {
		for (const state of states) {
			for (const collection of visible(state)) {
				const names = membersOf(collection)
					.filter((member) => shows(member, state))
					.map(({ name }) => name);
				expect(names, `${collection.name} ${JSON.stringify(state)}`).toEqual([...new Set(names)]);
			}
		}
	});

	test('shows every parameter somewhere', () => {
		for (const property of allParameters(properties)) {
			const somewhere = states.some((state) => shows(property, state));
			expect(somewhere, `${property.name} ${JSON.stringify(property.displayOptions)}`).toBe(true);
		}
	});

	test('preselects only what the list offers', () => {
		for (const property of allParameters(properties)) {
			const values = choicesOf(property).map(({ value }) => value);
			if (property.type === 'options') expect(values, property.name).toContain(property.default);
			if (property.type === 'multiOptions') {
				expect(values, property.name).toEqual(expect.arrayContaining([...(property.default as string[])]));
			}
		}
	});

	test('sorts ranges of days by their length, as the date nodes of n8n do, with Custom last', () => {
		for (const property of allParameters(properties).filter(({ name }) => name === 'dateRange')) {
			const order = ['any', ...DATE_RANGE_PRESETS, 'custom'];
			const values = choicesOf(property).map(({ value }) => String(value));
			expect(values).toEqual(order.filter((value) => values.includes(value)));
		}
	});

	test('sorts other lists of five and more by name', () => {
		const byName = (a: string, b: string) => a.localeCompare(b, 'en');
		for (const property of allParameters(properties)) {
			if (property.name === 'dateRange') continue;
			const names = choicesOf(property).map(({ name }) => name);
			if (names.length >= 5) expect(names, property.name).toEqual([...names].sort(byName));
			const members = membersOf(property).map(({ displayName }) => displayName);
			if (members.length >= 5) expect(members, property.name).toEqual([...members].sort(byName));
		}
	});

	test('offers each value and each name once in a list', () => {
		for (const property of allParameters(properties)) {
			const choices = choicesOf(property);
			const label = `${property.name} ${JSON.stringify(property.displayOptions)}`;
			expect(new Set(choices.map(({ value }) => value)).size, label).toBe(choices.length);
			expect(new Set(choices.map(({ name }) => name)).size, label).toBe(choices.length);
		}
	});

	test('ends a text of several sentences with a full stop and no other', () => {
		const texts = allParameters(properties).flatMap((property) => [
			property.description,
			...choicesOf(property).map((choice) => choice.description),
		]);
		for (const text of texts) {
			if (text === undefined) continue;
			const sentences = text.split(/[.!?] (?=[A-Z"])/).length;
			expect(text.endsWith('.'), text).toBe(sentences > 1);
		}
	});

	test("tells n8n's AI builder what it is for, what each choice is for, and which nodes are related", () => {
		const { searchHint = '', relatedNodes = [] } = description.builderHint ?? {};
		expect(searchHint.length).toBeGreaterThan(100);
		const others = NODES.map((other) => other.description.name).filter((name) => name !== description.name);
		const related = relatedNodes.map(({ nodeType }) => nodeType.replace('n8n-nodes-instagram-insights.', ''));
		expect(related.toSorted()).toEqual(others.toSorted());
		for (const property of properties.filter(({ name }) => name === 'resource' || name === 'operation')) {
			for (const { value, builderHint } of choicesOf(property)) {
				expect(builderHint?.propertyHint.length ?? 0, String(value)).toBeGreaterThan(20);
			}
		}
	});

	test('names only parameters, values and operations in the hint that exist', () => {
		const { searchHint = '' } = description.builderHint ?? {};
		const known = new Set([
			...allParameters(properties).flatMap((property) => [
				property.name,
				...choicesOf(property).map(({ value }) => String(value)),
			]),
		]);
		const codeWords = searchHint.match(/\b[a-z]+[A-Z]\w*\b/g)?.filter((word) => word !== 'cachedResultName') ?? [];
		for (const word of codeWords) expect([...known]).toContain(word);
	});

	test('writes notices in the tags that n8n shows', () => {
		for (const { type, displayName } of properties) {
			if (type === 'notice')
				expect(displayName.replace(/<\/?(ul|li|a)( [^>]*)?>/g, ''), displayName).not.toContain('<');
		}
	});

	test('names a search method for every list of a locator', () => {
		const lists = properties.flatMap(({ modes = [] }) => modes.filter(({ type }) => type === 'list'));
		expect(lists.length).toBeGreaterThan(0);
		for (const { typeOptions } of lists) {
			expect(Object.keys(methods.listSearch)).toContain(typeOptions?.searchListMethod);
		}
	});
});
