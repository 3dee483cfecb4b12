import {
	ACCOUNT_METRICS,
	checkQuery,
	DATE_RANGE_PRESETS,
	type DateRangePreset,
	HOSTS,
	type Host,
	MEDIA_METRICS,
	RETIRED_METRICS,
	resolveDateRange,
} from '@instagram-insights/core/internal';
import { type INodeParameters, type INodeProperties, type INodeTypes, NodeHelpers, Workflow } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { AUTHENTICATIONS } from '../nodes/graph/authentication';
import { RESOURCES } from '../nodes/InstagramInsights/actions/resources';
import { InstagramInsights } from '../nodes/InstagramInsights/InstagramInsights.node';
import { parameterLabel } from '../nodes/panel/wrongSetting';
import { NODE } from './fake-execution.mts';
import { allParameters, choicesOf, type PanelState, panelStates, shows } from './panel.mts';

const { description } = new InstagramInsights();
const { properties } = description;
const states = panelStates(description);

/** What n8n makes of an expression about the node's parameters. */
function evaluate(expression: string, parameters: INodeParameters): unknown {
	const node = { ...NODE, parameters };
	const nodeTypes = { getByName: () => new InstagramInsights(), getByNameAndVersion: () => new InstagramInsights() };
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: nodeTypes as unknown as INodeTypes,
	});
	return workflow.expression.getSimpleParameterValue(node, expression, 'internal', {}, undefined, undefined);
}

function visible(state: PanelState): INodeProperties[] {
	return properties.filter((property) => shows(property, state));
}

describe('InstagramInsights.description', () => {
	test.each([
		['account', 'getInsights', { breakdown: '={{ $json.breakdown }}' }, ['views']],
		['account', 'getInsights', { granularity: '={{ $json.granularity }}' }, ['views']],
		['account', 'getAudience', { breakdown: '={{ $json.breakdown }}' }, ['follower_demographics']],
		['media', 'getInsights', { breakdown: '={{ $json.breakdown }}' }, ['profile_activity']],
		['story', 'getInsights', { breakdown: '={{ $json.breakdown }}' }, ['navigation']],
		['media', 'getMany', { includeInsights: '={{ true }}' }, expect.arrayContaining(['reach', 'saved'])],
	])('keeps to the operation where a condition is an expression: %s %s %o', (resource, operation, given, metrics) => {
		const values = NodeHelpers.getNodeParameters(
			properties,
			{ resource, operation, ...given },
			true,
			false,
			null,
			description,
		);
		expect(values?.metrics).toEqual(metrics);
	});

	test.each(['getInsights', 'getOnlineFollowers', 'compare'])(
		'misses nothing where the date range is an expression: %s',
		(operation) => {
			const given = { resource: 'account', operation, dateRange: "={{ $fromAI('range') }}" };
			const parameters = NodeHelpers.getNodeParameters(properties, given, true, false, null, description) ?? {};
			const node = { ...NODE, parameters };
			expect(Object.keys(parameters)).toContain('since');
			expect(NodeHelpers.getNodeParametersIssues(properties, node, description)).toBeNull();
		},
	);

	test.each([
		[['follower_demographics'], false],
		[['follower_demographics', 'engaged_audience_demographics'], true],
		[['reached_audience_demographics'], true],
		['={{ $json.metrics }}', true],
	])('shows the timeframe only where it changes the numbers: %j', (metrics, shown) => {
		const given = { resource: 'account', operation: 'getAudience', metrics };
		const values = NodeHelpers.getNodeParameters(properties, given, true, false, null, description) ?? {};
		expect('timeframe' in values).toBe(shown);
	});

	test('offers the ranges for online followers that a host keeps on every day, and no others', () => {
		const ranges = properties.find(
			({ name, displayOptions }) =>
				name === 'dateRange' && displayOptions?.show?.operation?.includes('getOnlineFollowers'),
		);
		const days = Array.from({ length: 366 }, (_, day) => new Date(Date.UTC(2026, 0, 1 + day, 12)));
		const isKept = (preset: DateRangePreset, now: Date, host: Host) =>
			checkQuery({ kind: 'online-followers', ...resolveDateRange(preset, now) }, { host, now }).length === 0;
		const kept = DATE_RANGE_PRESETS.filter((preset) =>
			(Object.keys(HOSTS) as Host[]).some((host) => days.every((now) => isKept(preset, now, host))),
		);
		expect(kept).toContain('last28Days');
		expect(choicesOf(ranges ?? expect.fail()).map(({ value }) => value)).toEqual([...kept, 'custom']);
	});

	test('explains every operation to people and to language models', () => {
		for (const operation of properties.filter(({ name }) => name === 'operation')) {
			for (const { name, action, description: text } of choicesOf(operation)) {
				expect(action, name).toMatch(/^[A-Z][a-z ]+$/);
				expect(text?.length ?? 0, name).toBeGreaterThan(40);
			}
		}
	});

	test('asks for the credential that belongs to the authentication', () => {
		const byAuthentication = description.credentials?.map(({ name, displayOptions }) => [
			displayOptions?.show?.authentication,
			name,
		]);
		const expected = Object.entries(AUTHENTICATIONS).map(([name, { credentialType }]) => [[name], credentialType]);
		expect(byAuthentication).toEqual(expected);
	});

	test('asks for no credential to list metrics', () => {
		for (const { name, displayOptions } of description.credentials ?? []) {
			expect(displayOptions?.show?.resource, name).not.toContain('metric');
		}
	});

	test('names each parameter in errors as the panel does', () => {
		for (const { name, displayName } of allParameters(properties)) {
			const label = parameterLabel(name);
			if (label === name) continue;
			const titles = allParameters(properties).filter((other) => other.name === name);
			expect(
				titles.map((other) => other.displayName),
				`${name} ${displayName}`,
			).toContain(label);
		}
	});

	test("shows on the canvas what it does, in the panel's words", () => {
		const titles = RESOURCES.flatMap((resource) =>
			resource.operations.map((operation) => ({
				parameters: { resource: resource.value, operation: operation.value },
				title: `${resource.name}: ${operation.name}`,
			})),
		);
		for (const { parameters, title } of titles) {
			expect(evaluate(description.subtitle ?? '', parameters)).toBe(title);
		}
	});

	test('says that stories expire, and says so for stories only', () => {
		const [hint] = description.hints ?? [];
		expect(hint?.message).toContain('24 hours');
		const shown = RESOURCES.filter(({ value }) => evaluate(hint?.displayCondition ?? '', { resource: value }));
		expect(shown.map(({ value }) => value)).toEqual(['story']);
	});

	test('keeps every parameter name of the design', () => {
		const names = new Set(properties.map(({ name }) => name));
		const promised = [
			'authentication',
			'resource',
			'operation',
			'account',
			'media',
			'metrics',
			'dateRange',
			'since',
			'until',
			'granularity',
			'breakdown',
			'timeframe',
			'includeInsights',
			'returnAll',
			'limit',
			'simplify',
			'options',
		];
		for (const name of promised) expect([...names]).toContain(name);
	});
});

describe('the Metrics lists', () => {
	const NOW = new Date('2026-11-23T20:00:00Z');
	const days = { since: '2026-11-01', until: '2026-11-20' };

	/** The question each operation asks of core, in a panel that stands so. */
	function question(state: PanelState, metrics: string[]): Parameters<typeof checkQuery>[0] {
		const breakdown = state.breakdown === 'none' || state.breakdown === undefined ? undefined : String(state.breakdown);
		switch (`${state.resource} ${state.operation}`) {
			case 'account getInsights':
				return state.granularity === 'daily'
					? { kind: 'account-daily', metrics, ...days }
					: { kind: 'account-totals', metrics, ...days, breakdown };
			case 'account compare':
				return { kind: 'account-totals', metrics, ...days };
			case 'account getAudience':
				return { kind: 'audience', metrics, breakdown: breakdown ?? 'country', timeframe: 'this_month' };
			case 'media getMany':
				return { kind: 'media-list', metrics };
			case 'story getMany':
				return { kind: 'story-list', metrics };
			default:
				return { kind: 'media-insights', mediaIds: ['18000000000000001'], metrics, breakdown };
		}
	}

	const faces = states.flatMap((state) => {
		const found = visible(state).find(({ name }) => name === 'metrics');
		return found === undefined ? [] : [{ state, property: found }];
	});

	test('offer only what core would send to that host', () => {
		expect(faces.length).toBeGreaterThan(10);
		for (const { state, property } of faces) {
			const host: Host = AUTHENTICATIONS[state.authentication as keyof typeof AUTHENTICATIONS].host;
			const metrics = choicesOf(property).map(({ value }) => String(value));
			expect(checkQuery(question(state, metrics), { host, now: NOW }), JSON.stringify(state)).toEqual([]);
		}
	});

	test('always preselect something', () => {
		for (const { state, property } of faces) expect(property.default, JSON.stringify(state)).not.toEqual([]);
	});

	test('leave out what Meta has removed', () => {
		const offered = new Set(faces.flatMap(({ property }) => choicesOf(property).map(({ value }) => String(value))));
		for (const name of Object.keys({ ...RETIRED_METRICS.account, ...RETIRED_METRICS.media })) {
			expect([...offered]).not.toContain(name);
		}
	});

	test('offer every metric, except one without a known meaning and one with its own operation', () => {
		const offered = new Set(faces.flatMap(({ property }) => choicesOf(property).map(({ value }) => String(value))));
		const missing = Object.keys({ ...ACCOUNT_METRICS, ...MEDIA_METRICS }).filter((name) => !offered.has(name));
		expect(missing).toEqual(['online_followers', 'content_views']);
	});

	test('offer metrics of Facebook Login to Facebook Login only', () => {
		const offeredTo = (authentication: string) =>
			new Set(
				faces
					.filter(({ state }) => state.authentication === authentication)
					.flatMap(({ property }) => choicesOf(property).map(({ value }) => value)),
			);
		const only = ['link_clicks', 'total_likes', 'total_comments', 'total_views'];
		for (const name of only) {
			expect([...offeredTo('facebookLogin')]).toContain(name);
			expect([...offeredTo('instagramLogin')]).not.toContain(name);
		}
	});
});
