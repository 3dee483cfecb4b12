import { startSandbox } from '@instagram-insights/graph-sandbox';
import { type INode, type INodeParameters, type INodeProperties, NodeHelpers } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InstagramInsightsPollingTrigger } from '../../nodes/InstagramInsightsPollingTrigger/InstagramInsightsPollingTrigger.node';
import { WATCHES } from '../../nodes/InstagramInsightsPollingTrigger/pollOnce';
import { parameterLabel } from '../../nodes/panel/wrongSetting';
import { LOGINS } from '../ask-sandbox.mts';
import { membersOf, shows } from '../panel.mts';
import { pollingWorkflow } from './polling-workflow.mts';

let sandbox: Awaited<ReturnType<typeof startSandbox>>;

beforeAll(async () => {
	sandbox = await startSandbox();
});

afterAll(() => sandbox.stop());

const { description } = new InstagramInsightsPollingTrigger();
const node = {} as INode;
const CHECKED = ['options', 'multiOptions', 'number', 'boolean'];
const FIXED = ['authentication', 'event'];

/** What the panel shows for these parameters, members of the options included, each with nonsense in it. */
function withNonsense(given: INodeParameters): { name: string; parameters: INodeParameters }[] {
	const all = NodeHelpers.getNodeParameters(description.properties, given, true, false, node, description) ?? {};
	const shown = (property: INodeProperties) => NodeHelpers.displayParameter(all, property, node, description);
	return description.properties
		.filter((property) => property.name in all && shown(property))
		.flatMap((property) =>
			property.type === 'collection'
				? membersOf(property)
						.filter((member) => shows(member, all))
						.map((at) => ({ at, parameters: { ...all, options: { [at.name]: 'nonsense' } } }))
				: [{ at: property, parameters: { ...all, [property.name]: 'nonsense' } }],
		)
		.filter(({ at }) => CHECKED.includes(at.type) && !FIXED.includes(at.name))
		.map(({ at, parameters }) => ({ name: at.name, parameters }));
}

const CASES = LOGINS.flatMap((authentication) =>
	WATCHES.map(({ value: event }) => ({ authentication, event }))
		.flatMap((base) =>
			base.event === 'newMedia'
				? [
						{ ...base, includeInsights: false },
						{ ...base, includeInsights: true },
					]
				: [base],
		)
		.flatMap(withNonsense),
);

describe('a setting that an expression filled with nonsense', () => {
	test('is looked for in every event', () => {
		const events = new Set(CASES.map(({ parameters }) => parameters.event));
		expect(events.size).toBe(WATCHES.length);
	});

	test.each(CASES)('is refused by its label: $parameters.authentication, $parameters.event, $name', async (one) => {
		const { name, parameters } = one;
		const label = `${parameterLabel(name)}: `;
		await expect(pollingWorkflow(sandbox, parameters).test()).rejects.toSatisfy(({ message }) =>
			message.startsWith(label),
		);
	});

	// Metrics that exist, but not for this event: of another level or kind, retired, or with buckets only.
	test.each(
		['accountThreshold', 'mediaThreshold'].flatMap((event) =>
			['navigation', 'reahc', 'impressions', 'follower_demographics', 'online_followers', 'engagement_rate'].map(
				(metric) => ({ event, metric }),
			),
		),
	)('is refused as Metric, not by a name that only other panels have: $event, $metric', async (parameters) => {
		const error = await pollingWorkflow(sandbox, { authentication: 'facebookLogin', ...parameters })
			.test()
			.catch((caught: unknown) => caught);
		expect(error).toMatchObject({
			message: expect.stringMatching(/^Metric: /),
			description: expect.stringContaining('Change the parameter "Metric".'),
		});
	});

	test.each([
		[{ event: 'newMedia', productTypes: ['REEL'] }, 'Product Types: "REEL"'],
		[{ event: 'newMedia', includeInsights: true, metrics: [] }, 'Metrics: No metric selected'],
		[{ event: 'storyExpiring', minutesBefore: 2000 }, 'Minutes Before Expiry: '],
		[{ event: 'accountThreshold', dateRange: 'last90Days' }, 'Date Range: "last90Days"'],
		[{ event: 'followerMilestone', account: { __rl: true, mode: 'list', value: 'all' } }, 'Account: A trigger watches'],
	])('is refused when the workflow is published, not later: %j', async (parameters, message) => {
		await expect(pollingWorkflow(sandbox, parameters).start()).rejects.toThrow(message);
	});
});
