import type { INodeParameters, NodeApiError } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { InstagramInsights } from '../../../nodes/InstagramInsights/InstagramInsights.node';
import { useSandbox } from '../../ask-sandbox.mts';
import { type Answerer, fakeExecution, type HelperAnswer, runNode } from '../../fake-execution.mts';

function json(body: unknown, statusCode = 200): HelperAnswer {
	return { statusCode, headers: {}, body: JSON.stringify(body) };
}

const TOTALS = json({ data: [{ name: 'reach', period: 'day', total_value: { value: 7 } }] });
const EXPIRED = json(
	{
		error: {
			message: 'Error validating access token: Session has expired.',
			type: 'OAuthException',
			code: 190,
			error_subcode: 463,
			fbtrace_id: 'AbCdEf123',
		},
	},
	400,
);
const reach: INodeParameters = { resource: 'account', operation: 'getInsights', metrics: ['reach'] };
const removed: INodeParameters = { resource: 'account', operation: 'getInsights', metrics: ['impressions'] };
const answer: Answerer = async () => TOTALS;

describe('router', () => {
	test('links every row to its input item, in input order', async () => {
		const { items } = await runNode({ items: [reach, { ...reach, simplify: false }, reach], answer });
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(items[0]?.json).toMatchObject({ reach: 7 });
		expect(items[1]?.json).toMatchObject({ name: 'reach' });
	});

	test('reads the parameters of each item', async () => {
		const days = (day: string) => ({ ...reach, dateRange: 'custom', since: day, until: day });
		const { items } = await runNode({ items: [days('2026-11-01'), days('2026-11-02')], answer });
		expect(items.map(({ json: row }) => row.since)).toEqual(['2026-11-01', '2026-11-02']);
	});

	test('stops at a failed item and names its index', async () => {
		const { context } = fakeExecution({ items: [reach, removed], answer });
		const error = await new InstagramInsights().execute.call(context).then(
			() => null,
			(thrown: unknown) => thrown,
		);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect((error as NodeOperationError).context.itemIndex).toBe(1);
	});

	test('returns an error item in place of a failed one and goes on, with continue on fail', async () => {
		const { items } = await runNode({ items: [removed, reach, removed], answer, continueOnFail: true });
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(items.map(({ json: row }) => 'error' in row)).toEqual([true, false, true]);
	});

	test('keeps the rows that an item returned before it failed', async () => {
		let page = 0;
		const pages: Answerer = async () => {
			page += 1;
			if (page > 1) return EXPIRED;
			const data = Array.from({ length: 100 }, (_, index) => ({
				id: `18000000000000${index}`,
				media_product_type: 'FEED',
			}));
			return json({ data, paging: { cursors: { after: 'MQ' }, next: 'https://graph.instagram.com/next' } });
		};
		const item = { resource: 'media', operation: 'getMany', includeInsights: false, returnAll: true };
		const { items } = await runNode({ items: [item], answer: pages, continueOnFail: true });
		expect(items).toHaveLength(101);
		expect(items[100]?.json.error).toContain('expired');
		expect(items.every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}')).toBe(true);
	});

	test('refuses a metric that no longer exists before any call, with every problem at once', async () => {
		const { context, requests } = fakeExecution({
			items: [
				{
					...reach,
					metrics: ['impressions', 'reech', 'reach'],
					dateRange: 'custom',
					since: '2026-11-20',
					until: '2026-11-10',
				},
			],
			answer,
		});
		const error = await new InstagramInsights().execute.call(context).then(
			() => null,
			(thrown: unknown) => thrown as NodeOperationError,
		);
		expect(requests).toEqual([]);
		expect(error?.message).toBe('3 settings need a change: Metrics "impressions", Metrics "reech", Until "2026-11-10"');
		expect(error?.description).toContain('Use "views" instead.');
		expect(error?.description).toContain('Did you mean "reach"?');
	});

	test("quotes Meta's reason, the way out and the trace ID, and never the token", async () => {
		const { context } = fakeExecution({ items: [reach], answer: async () => EXPIRED });
		const error = await new InstagramInsights().execute.call(context).then(
			() => null,
			(thrown: unknown) => thrown as NodeApiError,
		);
		expect(error?.message).toContain('expired');
		expect(error?.description).toContain('trace ID AbCdEf123');
		expect(error?.httpCode).toBe('400');
		expect(error?.failure).toEqual({ cause: 'credential-invalid' });
		expect(JSON.stringify([error?.message, error?.description])).not.toContain('IGAA');
	});

	test.each([
		['authentication', 'Authentication: Unknown authentication "x".'],
		['dateRange', 'Date Range: "x" is not a date range. Choose one of yesterday, last7Days'],
		['granularity', 'Rows: Choose "total" or "daily", not "x".'],
	])('names a word that an expression gave for %s', async (name, message) => {
		await expect(runNode({ items: [{ ...reach, [name]: 'x' }], answer })).rejects.toThrow(message);
	});

	test('lists the operations if asked for an unknown one', async () => {
		const { context } = fakeExecution({ items: [reach] });
		const original = context.getNodeParameter.bind(context);
		const strange = ((name: string, ...rest: [number, unknown]) =>
			name === 'operation' ? '__CUSTOM_API_CALL__' : original(name, ...rest)) as typeof context.getNodeParameter;
		await expect(
			new InstagramInsights().execute.call({ ...context, getNodeParameter: strange } as typeof context),
		).rejects.toThrow('Unknown operation "__CUSTOM_API_CALL__" of the resource "account"');
	});

	test('shows the same hint once', async () => {
		const { hints } = await runNode({ items: [reach, reach, reach], answer });
		expect(hints).toEqual([...new Set(hints)]);
		expect(hints).toHaveLength(1);
	});

	test('works with an n8n that has no hints', async () => {
		const { items } = await runNode({ items: [reach], answer, withoutHints: true });
		expect(items).toHaveLength(1);
	});

	test('stops when the execution is stopped', async () => {
		const { context } = fakeExecution({ items: [reach], answer, signal: AbortSignal.abort() });
		await expect(new InstagramInsights().execute.call(context)).rejects.toThrow('cancelled');
	});
});

describe('router with Facebook Login', () => {
	const { ask, sandbox } = useSandbox();

	test('looks up the account of the token once for all items', async () => {
		await ask('facebookLogin', [reach, reach, reach]);
		const searches = sandbox()
			.requests()
			.filter(({ path }) => path === '/me/accounts');
		expect(searches).toHaveLength(1);
	});

	test('reads another account of the token when one is chosen', async () => {
		const { id } = sandbox().world.account('tiny');
		const account = { __rl: true, mode: 'list', value: id };
		const { rows } = await ask(
			'facebookLogin',
			{ resource: 'account', operation: 'get', account },
			{ token: 'agency' },
		);
		expect(rows[0]).toMatchObject({ account_id: id, username: 'pots.by.ines' });
	});

	test('asks to choose if the token reaches several accounts', async () => {
		await expect(ask('facebookLogin', reach, { token: 'agency' })).rejects.toThrow(
			'The token reaches 4 Instagram accounts',
		);
	});
});
