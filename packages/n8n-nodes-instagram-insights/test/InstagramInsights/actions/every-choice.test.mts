import type { INode, INodeParameters, INodeProperties } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { InstagramInsights } from '../../../nodes/InstagramInsights/InstagramInsights.node.ts';
import { parameterLabel } from '../../../nodes/panel/wrongSetting.ts';
import { LOGINS, useSandbox } from '../../ask-sandbox.mts';
import { membersOf } from '../../panel.mts';

const { ask, sandbox } = useSandbox();
const { description } = new InstagramInsights();
const node = {} as INode;
const FIXED = ['authentication', 'resource', 'operation'];
const CHECKED = ['options', 'multiOptions', 'number', 'boolean'];

/** Every choice, number and switch of every operation, each with the other parameters as n8n sets them. */
const cases = LOGINS.flatMap((authentication) =>
	description.properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ displayOptions, options = [] }) =>
			options.map((operation) => ({
				authentication,
				resource: String(displayOptions?.show?.resource?.[0]),
				operation: String((operation as { value: unknown }).value),
				username: 'somebody',
			})),
		)
		.flatMap((base) => {
			const given = NodeHelpers.getNodeParameters(description.properties, base, true, false, node, description) ?? {};
			return description.properties
				.filter(
					(property) => property.name in given && NodeHelpers.displayParameter(given, property, node, description),
				)
				.flatMap((property): { at: INodeProperties; parameters: INodeParameters }[] =>
					property.type === 'collection'
						? membersOf(property).map((at) => ({
								at,
								parameters: { ...given, [property.name]: { [at.name]: 'nonsense' } },
							}))
						: [{ at: property, parameters: { ...given, [property.name]: 'nonsense' } }],
				)
				.filter(({ at }) => CHECKED.includes(at.type) && !FIXED.includes(at.name))
				.map(({ at, parameters }) => ({ ...base, name: at.name, parameters }));
		}),
);

describe('a choice, a number or a switch that an expression or a model filled with nonsense', () => {
	test('is looked for in every operation', () => {
		expect(new Set(cases.map(({ resource, operation }) => `${resource} ${operation}`)).size).toBeGreaterThanOrEqual(18);
	});

	test.each(cases)(
		'is refused by its label: $authentication, $resource, $operation, $name',
		async ({ authentication, parameters, ...at }) => {
			const only = at.resource === 'otherAccount' || at.operation === 'getCollaborative';
			if (only && authentication === 'instagramLogin') return;
			const media = { __rl: true, mode: 'id', value: sandbox().world.account('bakery').media()[0]?.id ?? '' };
			const label = at.name === 'dateRange' ? /Published|Date Range/ : parameterLabel(at.name);
			await expect(ask(authentication, { ...parameters, media })).rejects.toThrow(label);
		},
	);
});
