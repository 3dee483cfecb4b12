import { type InsightsClient, InsightsError, type QueryProblem } from '@instagram-insights/core/internal';
import type { IBinaryKeyData, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { type ClientRequest, openClient } from '../../graph/openClient';
import { toErrorItem, toNodeError } from '../../graph/toNodeError';
import { ONE_ACCOUNT_ONLY } from '../../panel/account';
import { renameProblems, wrongSetting } from '../../panel/wrongSetting';
import { metricOfColumn } from '../../rows/columns';
import { selectColumns } from '../descriptions/output';
import { executionHint } from '../output/hints';
import { ofAllAccounts } from './allAccounts';
import { type AccountItem, type Item, itemOf, type Run } from './item';
import { changed, type Operation, type Outcome, ownedBy, type Row, RowWithFiles } from './operation';
import { RESOURCES } from './resources';

/**
 * Runs the chosen operation for every input item. Only this file knows about item order, `pairedItem` and continue on
 * fail: the rows of an item take its place, and the error item of a failed item follows the rows it returned before.
 */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const count = this.getInputData().length;
	const answers: INodeExecutionData[][] = Array.from({ length: count }, () => []);
	const give = async (index: number, row: Row) => {
		answers[index]?.push({ ...(await toItem(this, row)), pairedItem: { item: index } });
	};
	const fail = (index: number, error: unknown) => {
		if (!this.continueOnFail()) throw toNodeError(this.getNode(), error, index);
		answers[index]?.push(toErrorItem(this.getNode(), error, index));
	};

	const run = startRun(this);
	for (const { operation, items } of groupByOperation(this, run, count, fail)) {
		for await (const outcome of carryOut(operation, items)) {
			const { index } = outcome.item;
			if (!('error' in outcome)) await give(index, outcome.row);
			else if (outcome.row !== undefined && !this.continueOnFail()) await give(index, outcome.row);
			else fail(index, inPanelWords(operation, outcome));
		}
	}
	return [answers.flat()];
}

async function toItem(context: IExecuteFunctions, row: Row): Promise<INodeExecutionData> {
	if (!(row instanceof RowWithFiles)) return { json: row };
	const binary: IBinaryKeyData = {};
	for (const { property, name, mimeType, text } of row.files) {
		binary[property] = await context.helpers.prepareBinaryData(Buffer.from(text), name, mimeType);
	}
	return { json: row.json, binary };
}

type Work = { readonly operation: Operation; readonly items: Item[] };

/** Groups neighbouring items with the same operation. Resource and operation take no expressions, so there is usually one group. */
function groupByOperation(
	context: IExecuteFunctions,
	run: Run,
	count: number,
	fail: (index: number, error: unknown) => void,
): Work[] {
	const works: Work[] = [];
	for (let index = 0; index < count; index += 1) {
		const read = attempt(() => ({ operation: operationAt(context, index), item: itemOf(run, index) }));
		if ('error' in read) {
			fail(index, read.error);
			continue;
		}
		const { operation, item } = read.value;
		const last = works.at(-1);
		if (last?.operation === operation) last.items.push(item);
		else works.push({ operation, items: [item] });
	}
	return works;
}

async function* carryOut(operation: Operation, items: readonly Item[]): AsyncGenerator<Outcome> {
	const failed = new Set<number>();
	for await (const outcome of outcomesOf(operation, items)) {
		const { item } = outcome;
		if ('error' in outcome)
			yield { ...outcome, ...(outcome.row === undefined ? {} : { row: inColumns(item, outcome.row) }) };
		else if (!failed.has(item.index)) {
			const read = await wantedRow(operation, item, outcome.row).then(
				(row) => ({ item, row }),
				(error: unknown) => ({ item, error }),
			);
			if ('error' in read) failed.add(item.index);
			yield read;
		}
	}
}

/** The row with its account's columns in front, cut to the chosen columns. */
async function wantedRow(operation: Operation, item: Item, row: Row): Promise<Row> {
	const isWhole = !item.simplify || operation.ofNoAccount || 'account' in item;
	const whole = isWhole ? row : ownedBy(await item.owner(), row);
	return changed(whole, (json) => inColumns(item, json));
}

function inColumns({ columns }: Item, row: IDataObject): IDataObject {
	return columns === null ? row : selectColumns(row, columns);
}

async function* outcomesOf(operation: Operation, items: readonly Item[]): AsyncGenerator<Outcome> {
	const alone = operation.runTogether !== undefined && items.length > 1 ? items.filter(isOfAll) : items;
	for (const item of alone) {
		try {
			const everyAccount = item.everyAccount();
			if (everyAccount !== null) yield* ofEveryAccount(operation, item, everyAccount);
			else for await (const row of operation.run(item)) yield { item, row };
		} catch (error) {
			yield { item, error };
		}
	}
	if (alone.length < items.length) yield* operation.runTogether?.(items.filter((item) => !alone.includes(item))) ?? [];
}

/** Whether *All accounts* is chosen. An account that is not valid is reported when the item runs. */
function isOfAll(item: Item): boolean {
	const read = attempt(() => item.everyAccount());
	return 'value' in read && read.value !== null;
}

function ofEveryAccount(operation: Operation, item: Item, list: () => Promise<readonly AccountItem[]>) {
	if (!operation.ofOneMedium && !operation.ofNoAccount) return ofAllAccounts(operation, item, list);
	const message = operation.ofOneMedium
		? ONE_ACCOUNT_ONLY
		: 'One of your accounts makes this request. Choose it instead of "All accounts".';
	throw wrongSetting('account', undefined, message);
}

function inPanelWords(operation: Operation, { item, error }: Outcome & { readonly error: unknown }): unknown {
	return renameProblems(error, (problem) => behindColumn(operation.inPanel?.(problem, item) ?? problem));
}

/** The name of a column where a metric is wanted, as read in earlier rows. */
function behindColumn(problem: QueryProblem): QueryProblem {
	const metric = problem.reason === 'unknown-metric' ? metricOfColumn(problem.value ?? '') : undefined;
	if (metric === undefined) return problem;
	const message = `"${problem.value}" is the column of the metric "${metric}". Use "${metric}".`;
	return { ...problem, message, suggestion: metric };
}

function operationAt(context: IExecuteFunctions, index: number): Operation {
	const chosen = {
		resource: String(context.getNodeParameter('resource', index, '')),
		operation: String(context.getNodeParameter('operation', index, '')),
	};
	const resource = RESOURCES.find(({ value }) => value === chosen.resource);
	const operation = resource?.operations.find(({ value }) => value === chosen.operation);
	if (operation !== undefined) return operation;
	const known = resource?.operations.map(({ value }) => value) ?? RESOURCES.map(({ value }) => value);
	throw new InsightsError(
		'invalid-query',
		resource === undefined
			? `Unknown resource "${chosen.resource}"`
			: `Unknown operation "${chosen.operation}" of the resource "${chosen.resource}"`,
		{ advice: `Choose one of ${known.join(', ')}.` },
	);
}

/** What all items share: one client per set of choices, and hints that are shown once. */
function startRun(context: IExecuteFunctions): Run {
	const clients = new Map<string, Promise<InsightsClient>>();
	const hinted = new Set<string>();
	return {
		now: new Date(),
		timeZone: context.getTimezone(),
		signal: context.getExecutionCancelSignal?.(),
		parameter: (name, index, fallback) => context.getNodeParameter(name, index, fallback) as unknown,
		client(request: ClientRequest) {
			const key = JSON.stringify(request);
			const client = clients.get(key) ?? openClient(context, request);
			clients.set(key, client);
			return client;
		},
		progress: (message) => context.logger?.info(message),
		hint(id, detail) {
			const hint = executionHint(id, detail);
			// Each refusal has its own trace ID: without it, equal ones are shown once.
			const said = hint.message.replace(/, trace ID [^\s)]+/g, '');
			if (hinted.has(said)) return;
			hinted.add(said);
			// Older versions of n8n do not have it.
			context.addExecutionHints?.(hint);
		},
	};
}

function attempt<T>(read: () => T): { value: T } | { error: unknown } {
	try {
		return { value: read() };
	} catch (error) {
		return { error };
	}
}
