import type { Sandbox } from '@instagram-insights/graph-sandbox';
import type { N8nApi, N8nNode, N8nWorkflow } from './n8n/n8n-api.ts';

const PACKAGE = 'n8n-nodes-instagram-insights';
const CREDENTIALS: Readonly<Record<string, string>> = {
	instagramLogin: 'instagramInsightsApi',
	facebookLogin: 'instagramInsightsFacebookApi',
};

/** One picture of a node's panel. */
export type Panel = {
	/** File name without its ending, and the workflow's name. */
	readonly name: string;
	readonly type: 'instagramInsights' | 'instagramInsightsTrigger' | 'instagramInsightsPollingTrigger';
	readonly parameters: Readonly<Record<string, unknown>>;
	/** Execute the step, and show the result. */
	readonly run: 'table' | 'error' | 'none';
	/** Show the lower end of the parameters. */
	readonly scrolled?: true;
	/** Taken into the documentation. */
	readonly documented?: true;
};

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** Every operation of the action node, one error, and the triggers in each of their modes. */
export function panels(sandbox: Sandbox): Panel[] {
	const { media, stories } = sandbox.world.account('bakery');
	const reel = media().find(({ productType }) => productType === 'REELS')?.id ?? '';
	const post = media().find(({ productType }) => productType === 'FEED')?.id ?? '';
	const story = stories()[0]?.id ?? '';
	const action = (name: string, parameters: Record<string, unknown>): Panel => {
		const [resource, operation] = name.split('-');
		return {
			name,
			type: 'instagramInsights',
			parameters: { authentication: 'instagramLogin', resource, operation, ...parameters },
			run: 'table',
		};
	};
	const daily = { granularity: 'daily', dateRange: 'last14Days', metrics: ['reach', 'follower_count'] };
	const reels = { metrics: ['reach', 'views', 'saved', 'ig_reels_avg_watch_time'], limit: 25 };
	const trigger = (name: string, parameters: Record<string, unknown>): Panel => ({
		name,
		type: 'instagramInsightsTrigger',
		parameters,
		run: 'none',
	});
	const polling = (name: string, event: string): Panel => ({
		name,
		type: 'instagramInsightsPollingTrigger',
		parameters: { event, pollTimes: { item: [{ mode: 'everyHour' }] } },
		run: 'none',
	});
	return [
		action('account-get', {}),
		action('account-getInsights', {}),
		action('account-getInsights-daily', daily),
		action('account-getInsights-breakdown', { breakdown: 'media_product_type', metrics: ['views', 'likes'] }),
		action('account-getAudience', { breakdown: 'country' }),
		action('account-getOnlineFollowers', { dateRange: 'last7Days' }),
		action('account-compare', { dateRange: 'last7Days' }),
		action('media-get', { media: byId(reel) }),
		action('media-getMany', reels),
		action('media-getInsights', { media: byId(reel) }),
		action('media-getInsights-breakdown', {
			media: byId(post),
			breakdown: 'action_type',
			metrics: ['profile_activity'],
		}),
		action('story-getMany', {}),
		{ ...action('story-getInsights', { media: byId(story) }), scrolled: true },
		action('account-getMany', { authentication: 'facebookLogin' }),
		action('account-getBestTimes', {}),
		action('account-getInsights-computed', { computed: ['engagement_rate', 'follower_growth'] }),
		action('media-getMany-sorted', {
			sortBy: 'saved',
			dateRange: 'last90Days',
			compareWithMedian: true,
			limit: 10,
		}),
		action('otherAccount-get', { authentication: 'facebookLogin', username: 'northwind.trails, pots.by.ines' }),
		action('report-create', {}),
		action('metric-getMany', { returnAll: true }),
		{ ...action('account-getInsights-error', { metrics: ['impressions', 'reach'] }), run: 'error' },
		{
			...action('account-getInsights-options', { dateRange: 'custom', options: { maxWaitSeconds: 60 } }),
			run: 'none',
			scrolled: true,
		},
		{ ...action('media-getMany-facebook', { authentication: 'facebookLogin', ...reels }), scrolled: true },
		{ ...trigger('trigger-relay', { mode: 'relay', fields: ['*'] }), documented: true },
		trigger('trigger-direct', { mode: 'direct', fields: ['comments', 'mentions', 'story_insights'] }),
		{ ...trigger('trigger-direct-scrolled', { mode: 'direct', fields: ['comments'] }), scrolled: true },
		polling('polling-newMedia', 'newMedia'),
		polling('polling-accountThreshold', 'accountThreshold'),
		polling('polling-mediaThreshold', 'mediaThreshold'),
		polling('polling-followerMilestone', 'followerMilestone'),
		polling('polling-storyExpiring', 'storyExpiring'),
	];
}

/** What n8n calls each node when it is dragged into a workflow. */
export const NODE_NAMES: Readonly<Record<Panel['type'], string>> = {
	instagramInsights: 'Instagram Insights',
	instagramInsightsTrigger: 'Instagram Insights Trigger',
	instagramInsightsPollingTrigger: 'Instagram Insights Polling Trigger',
};

/** A workflow that holds the node of a panel, with credentials of the sandbox by type. */
export function workflowOf({ name, type, parameters }: Panel, ids: ReadonlyMap<string, string>): N8nWorkflow {
	const login = String(parameters.authentication ?? 'instagramLogin');
	const own = CREDENTIALS[login] ?? '';
	const types = type === 'instagramInsightsTrigger' ? ['instagramInsightsWebhookApi', own] : [own];
	const node: N8nNode = {
		id: 'shown',
		name: NODE_NAMES[type],
		type: `${PACKAGE}.${type}`,
		typeVersion: 1,
		position: [240, 0],
		parameters,
		credentials: Object.fromEntries(types.map((one) => [one, { id: ids.get(one) ?? '', name: one }])),
		...(type === 'instagramInsightsTrigger' && { webhookId: crypto.randomUUID() }),
	};
	const start: N8nNode = {
		id: 'start',
		name: 'Start',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const action = type === 'instagramInsights';
	return {
		name,
		settings: { executionOrder: 'v1' },
		nodes: action ? [start, node] : [node],
		connections: action ? { Start: { main: [[{ node: node.name, type: 'main', index: 0 }]] } } : {},
	};
}

/** Rows that one node gave, as they lie in an n8n Data Table. */
type Result = {
	/** File name without its ending. */
	readonly name: string;
	/** What the table is called. */
	readonly table: string;
	readonly parameters: Readonly<Record<string, unknown>>;
	/** The columns that a person would keep. */
	readonly columns: readonly string[];
};

const POSTS = ['published', 'format', 'caption', 'reach', 'saved', 'saved_vs_median'];
const CLIENTS = ['username', 'reach', 'views', 'total_interactions', 'engagement_rate', 'unavailable'];
const TIMES = ['weekday', 'hour', 'followersOnline', 'posts', 'median', 'score'];

export const RESULTS: readonly Result[] = [
	{
		name: 'result-top-posts',
		table: 'Top posts of 90 days',
		parameters: {
			resource: 'media',
			operation: 'getMany',
			metrics: ['reach', 'saved'],
			compareWithMedian: true,
			dateRange: 'last90Days',
			sortBy: 'saved',
			limit: 10,
		},
		columns: POSTS,
	},
	{
		name: 'result-all-clients',
		table: 'All clients, last 28 days',
		parameters: {
			authentication: 'facebookLogin',
			resource: 'account',
			operation: 'getInsights',
			account: { __rl: true, mode: 'list', value: 'all' },
			metrics: ['reach', 'views', 'total_interactions'],
			computed: ['engagement_rate'],
		},
		columns: CLIENTS,
	},
	{
		name: 'result-best-times',
		table: 'When to post',
		parameters: { resource: 'account', operation: 'getBestTimes', dateRange: 'last12Months' },
		columns: TIMES,
	},
];

/**
 * Run the node and put its rows, as they are, into a Data Table.
 *
 * @returns the path of the table in the editor, and how much of it there is
 */
export async function keepResult(
	n8n: N8nApi,
	{ name, table, parameters, columns }: Result,
	credentials: ReadonlyMap<string, string>,
): Promise<{ path: string; columns: number; rows: number }> {
	const panel: Panel = {
		name,
		type: 'instagramInsights',
		parameters: { authentication: 'instagramLogin', ...parameters },
		run: 'none',
	};
	const run = await n8n.run(await n8n.createWorkflow(workflowOf(panel, credentials)), 'Start');
	const rows = run.items(NODE_NAMES.instagramInsights).map(({ json }) => json);
	const best = rows.filter(({ score }) => score !== null).sort((a, b) => Number(b.score) - Number(a.score));
	const shown = ('score' in (rows[0] ?? {}) ? best : rows).slice(0, 10);
	const { id: project } = await n8n.rest<{ id: string }>('GET', '/projects/personal');
	const typeOf = (column: string) => (shown.some((row) => typeof row[column] === 'number') ? 'number' : 'string');
	const { id } = await n8n.rest<{ id: string }>('POST', `/projects/${project}/data-tables`, {
		name: table,
		columns: columns.map((column) => ({ name: column, type: typeOf(column) })),
	});
	const data = shown.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));
	await n8n.rest('POST', `/projects/${project}/data-tables/${id}/insert`, { data, returnType: 'count' });
	return { path: `/projects/${project}/datatables/${id}`, columns: columns.length, rows: data.length };
}
