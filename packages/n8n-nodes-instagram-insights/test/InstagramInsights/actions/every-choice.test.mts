import { addDays, pacificDay } from '@instagram-insights/core/internal';
import type { INode, INodeParameters, INodeProperties } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { InstagramInsights } from '../../../nodes/InstagramInsights/InstagramInsights.node.ts';
import { parameterLabel } from '../../../nodes/panel/wrongSetting.ts';
import { LOGINS, OPERATIONS, useSandbox, worksWith } from '../../ask-sandbox.mts';
import { membersOf } from '../../panel.mts';

const { ask, sandbox } = useSandbox();
const { description } = new InstagramInsights();
const node = {} as INode;
const FIXED = ['authentication', 'resource', 'operation'];
/** What expressions and models give in place of a choice, a switch, a number or a day. */
const ODD: Readonly<Record<string, readonly unknown[]>> = {
	options: ['nonsense'],
	multiOptions: ['nonsense'],
	boolean: ['nonsense'],
	number: ['nonsense', '', -1, 1.5, []],
	dateTime: ['nonsense', '', '2026-02-30', '01/02/2026', 1_767_225_600_000, {}],
};
const DAYS = { since: addDays(pacificDay(new Date()), -6), until: addDays(pacificDay(new Date()), -4) };

/** Every choice, switch, number and day of every operation, each with the other parameters as n8n sets them. */
const cases = LOGINS.flatMap((authentication) =>
	OPERATIONS.filter(({ row }) => worksWith(authentication, row))
		.map(({ resource, operation }) => ({ authentication, resource, operation, username: 'somebody' }))
		.flatMap((base) => [base, { ...base, dateRange: 'custom', ...DAYS }])
		.flatMap((base) => {
			const given = NodeHelpers.getNodeParameters(description.properties, base, true, false, node, description) ?? {};
			return (
				description.properties
					.filter(
						(property) => property.name in given && NodeHelpers.displayParameter(given, property, node, description),
					)
					.flatMap((property): { at: INodeProperties; filled: (value: unknown) => INodeParameters }[] =>
						property.type === 'collection'
							? membersOf(property).map((at) => ({
									at,
									filled: (value) => ({ ...given, [property.name]: { [at.name]: value as string } }),
								}))
							: [{ at: property, filled: (value) => ({ ...given, [property.name]: value as string }) }],
					)
					// The days show with the range Custom alone; all else shows without it.
					.filter(({ at }) => !FIXED.includes(at.name) && (at.type === 'dateTime') === 'since' in base)
					.flatMap(({ at, filled }) =>
						(ODD[at.type] ?? []).map((odd) => ({ ...base, name: at.name, odd, parameters: filled(odd) })),
					)
			);
		}),
);

describe('a choice, a number, a day or a switch that an expression or a model filled with nonsense', () => {
	test('is tried in every operation', () => {
		expect(new Set(cases.map(({ resource, operation }) => `${resource} ${operation}`)).size).toBeGreaterThanOrEqual(18);
	});

	test.each(cases)(
		'is refused by its label: $authentication, $resource, $operation, $name, $odd',
		async ({ authentication, parameters, ...at }) => {
			const media = { __rl: true, mode: 'id', value: sandbox().world.account('bakery').media()[0]?.id ?? '' };
			const label = parameterLabel(at.name);
			await expect(ask(authentication, { ...parameters, media })).rejects.toMatchObject({
				message:
					at.name === 'dateRange' ? expect.stringMatching(/Published|Date Range/) : expect.stringContaining(label),
				description: expect.stringContaining('Nothing was sent to Meta.'),
			});
		},
	);
});
