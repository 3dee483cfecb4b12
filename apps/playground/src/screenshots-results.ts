import type { N8nApi } from './n8n/n8n-api.ts';
import { NODE_NAMES, type Panel, workflowOf } from './screenshots-panels.ts';

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
