import {
	type GraphErrorDetails,
	type InsightsError,
	type InsightsErrorKind,
	isInsightsError,
	type QueryProblem,
	wordsOf,
} from '@instagram-insights/core/internal';
import {
	type Failure,
	type INode,
	type INodeExecutionData,
	type JsonObject,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';
import { parameterLabel } from '../panel/wrongSetting';

/**
 * Any thrown value as the error that n8n shows for the item.
 *
 * The source of a NodeApiError is built here as a plain object: given another NodeApiError, or an error of the HTTP
 * client, n8n's constructor drops message, description and item index.
 */
export function toNodeError(node: INode, error: unknown, itemIndex: number): NodeApiError | NodeOperationError {
	if (isInsightsError(error)) return fromInsightsError(node, error, itemIndex);
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		error.context.itemIndex ??= itemIndex;
		return error;
	}
	const cause = error instanceof Error ? error : new Error(String(error));
	return new NodeOperationError(node, cause, { itemIndex });
}

function fromInsightsError(node: INode, error: InsightsError, itemIndex: number): NodeApiError | NodeOperationError {
	const { message, description } = describeError(error);
	const failure = failureOf(error);
	const shared = { message, description, itemIndex, ...(failure === undefined ? {} : { failure }) };
	if (error.kind === 'invalid-query' || error.kind === 'cancelled') return new NodeOperationError(node, error, shared);
	const { graph } = error;
	const source: JsonObject = graph === undefined ? {} : { ...graph };
	return new NodeApiError(node, source, {
		...shared,
		...(graph === undefined ? {} : { httpCode: String(graph.status) }),
	});
}

/** The cause that n8n shows, by kind of error; null if none fits. */
const CAUSES: Readonly<Record<InsightsErrorKind, Failure['cause'] | null>> = {
	'invalid-query': 'configuration-invalid',
	auth: 'credential-invalid',
	'wrong-host': 'credential-invalid',
	permission: 'credential-invalid',
	'rate-limit': 'rate-limited',
	transient: 'temporarily-unavailable',
	'not-found': 'configuration-invalid',
	'unsupported-metric': 'configuration-invalid',
	'unknown-metric': 'configuration-invalid',
	window: 'configuration-invalid',
	'too-few-viewers': null,
	'too-few-followers': null,
	'before-conversion': null,
	blocked: 'credential-invalid',
	'unsupported-field': 'configuration-invalid',
	'too-much-data': null,
	'answer-unreadable': null,
	network: 'temporarily-unavailable',
	cancelled: null,
	unknown: null,
};

/** Rules of core for a used-up quota of calls, as opposed to calls that come too fast. */
const QUOTA_RULES: readonly string[] = ['rate-app', 'rate-app-older', 'rate-user', 'rate-page', 'rate-instagram'];

/** The failure to declare for an item. Older versions of n8n ignore it. */
export function failureOf({ kind, graph, retryAfterMs }: InsightsError): Failure | undefined {
	const isQuota = graph?.rule !== undefined && QUOTA_RULES.includes(graph.rule);
	const cause = isQuota ? 'quota-exhausted' : CAUSES[kind];
	// A proxy or firewall in front of Meta may never let requests through, so do not suggest to retry.
	if (cause === null || graph?.rule === 'not-graph') return undefined;
	const timed = cause === 'rate-limited' || cause === 'quota-exhausted' || cause === 'temporarily-unavailable';
	if (!timed) return { cause };
	return retryAfterMs === undefined ? { cause } : { cause, retryAfterMs };
}

/**
 * The item for a failed one if the node continues on fail: `error` says what happened, as everywhere in n8n, and `message`
 * what helps: the way out, Meta's message, code and trace ID.
 *
 * Only these two members: every n8n version with an error output moves items of exactly this form to it. With an `error`
 * next to `json`, n8n would replace `json`, and `message` would be lost.
 */
export function toErrorItem(node: INode, thrown: unknown, itemIndex: number): INodeExecutionData {
	const { message, description } = toNodeError(node, thrown, itemIndex);
	return {
		json: { error: message, ...(description ? { message: description } : {}) },
		pairedItem: { item: itemIndex },
	};
}

/** Any thrown value as the error that n8n shows for a trigger or a list, which have no input item to name. */
export function toTriggerError(node: INode, thrown: unknown): NodeApiError | NodeOperationError {
	const error = toNodeError(node, thrown, 0);
	delete error.context.itemIndex;
	return error;
}

/** What the editor shows: what happened, and what to do. */
type ErrorTexts = { readonly message: string; readonly description: string };

/** What to do about a problem found in Meta's answer, by its reason. */
const WAYS_OUT: Readonly<Record<string, string>> = {
	'several-accounts': 'Choose the one to read under "Account". Account: Get Many lists them with their IDs.',
	'no-such-column': 'Change the parameter "Fields to Return".',
};

/** The operation for each kind of question in core. */
const OPERATIONS: Readonly<Record<string, string>> = {
	'account-totals': 'Account: Get Insights',
	audience: 'Account: Get Audience',
	'online-followers': 'Account: Get Online Followers',
};

/** Where to find the right value if core cannot name it, by the reason of the problem. */
const LISTED_BY: Readonly<Record<string, string>> = {
	'insights-field': 'Switch Include Insights on, or use Get Insights.',
	'unknown-metric': 'Metric: Get Many lists all metrics.',
	'computed-metric': 'Name it in the parameter "Computed Metrics" instead.',
	'media-metric': 'Post or Reel: Get Many gives it for each post or reel.',
	'account-metric': 'Account: Get Insights gives it.',
	'not-an-account-id': 'Account: Get Many lists the accounts that the credential reaches, with their IDs.',
};

/** For these reasons the suggestion is a login or a kind of media, which the message names. It is not a value of the parameter. */
const NO_VALUE: readonly string[] = ['wrong-host', 'wrong-product-type'];

/**
 * The texts for an error of core: cause and way out first, then Meta's message with code and trace ID. Core has already
 * removed tokens from both.
 */
function describeError(error: InsightsError): ErrorTexts {
	const { message, description } = textsOf(error);
	return { message: message.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase()), description };
}

function textsOf(error: InsightsError): ErrorTexts {
	const { problems } = error;
	const wayOut = problems?.map(({ reason }) => WAYS_OUT[reason]).find((way) => way !== undefined);
	if (wayOut !== undefined) return { message: error.message, description: wayOut };
	if (problems !== undefined && problems.length > 0) return describeProblems(problems);
	const { graph } = error;
	if (graph === undefined || !isMetasWord(error)) {
		return { message: error.message, description: joined([error.advice, retryText(error), metaText(error)]) };
	}
	// Core's message begins with what was asked, and of which account or media.
	const [what = ''] = error.message.split(': ');
	const { head, rest } = splitAdvice(error.advice);
	return {
		message: `${what}: ${head}`,
		description: joined([rest, listsOfIds(error), retryText(error), whoSays(graph), codeText(graph)]),
	};
}

/** Rules with general advice only: Meta's own message is the better headline. */
const GENERAL_ADVICE: readonly (string | undefined)[] = [undefined, 'parameter-invalid', 'unknown-failure'];

function listsOfIds({ kind, message }: InsightsError): string {
	const [what = ''] = message.split(': ');
	if (kind !== 'not-found' || what.startsWith('@')) return '';
	if (what.includes('account')) return 'Account: Get Many lists valid IDs.';
	return 'Post or Reel: Get Many and Story: Get Many list valid IDs.';
}

/** Whether the message quotes a refusal that the advice explains better. */
function isMetasWord({ graph, message }: InsightsError): boolean {
	return graph !== undefined && !GENERAL_ADVICE.includes(graph.rule) && message.includes(wordsOf(graph));
}

const LONGEST_HEADLINE = 200;

/** Splits an advice: as many sentences as fit a headline, and the rest. */
function splitAdvice(advice: string): { readonly head: string; readonly rest: string } {
	const [first = '', ...others] = advice.split(/(?<=[.:!?]) (?=[A-Z])/);
	let head = first;
	while (others[0] !== undefined && head.length + others[0].length < LONGEST_HEADLINE) head += ` ${others.shift()}`;
	return { head: head.replace(/[.:]$/, ''), rest: others.join(' ') };
}

function joined(parts: readonly string[]): string {
	return parts.filter((part) => part !== '').join(' ');
}

function describeProblems(problems: readonly QueryProblem[]): ErrorTexts {
	const [first] = problems;
	if (problems.length === 1 && first !== undefined) {
		const label = parameterLabel(first.field);
		return {
			message: `${label}: ${first.message}`,
			description: joined([`Change the parameter "${label}".`, insteadOf(first), 'Nothing was sent to Meta.']),
		};
	}
	const named = problems.map(({ field, value }) =>
		value === undefined ? parameterLabel(field) : `${parameterLabel(field)} "${value}"`,
	);
	const list = problems.map((one, index) =>
		joined([`${index + 1}) ${parameterLabel(one.field)}: ${one.message}`, elsewhere(one)]),
	);
	return {
		message: `${problems.length} settings need a change: ${named.join(', ')}`,
		description: `${list.join(' ')} Nothing was sent to Meta.`,
	};
}

/** The value that works, the operation that answers, or the one that lists the values. */
function insteadOf(problem: QueryProblem): string {
	const { suggestion, reason } = problem;
	const isValue = suggestion !== undefined && !NO_VALUE.includes(reason) && OPERATIONS[suggestion] === undefined;
	return isValue ? `"${suggestion}" would work.` : elsewhere(problem);
}

/** The operation that answers, or the one that lists the values; empty where the message names a value. */
function elsewhere({ field, reason, suggestion }: QueryProblem): string {
	if (suggestion === undefined) return field === 'computed' ? '' : (LISTED_BY[reason] ?? '');
	const operation = OPERATIONS[suggestion];
	return operation === undefined ? '' : `Use ${operation}.`;
}

/** When to try again. */
function retryText({ retryAfterMs }: InsightsError): string {
	if (retryAfterMs === undefined || retryAfterMs <= 0) return '';
	const minutes = Math.ceil(retryAfterMs / 60_000);
	return `Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
}

function metaText({ graph, message }: InsightsError): string {
	if (graph === undefined) return '';
	return joined([message.includes(wordsOf(graph)) ? '' : whoSays(graph), codeText(graph)]);
}

function whoSays(graph: GraphErrorDetails): string {
	const said = graph.userMessage ?? graph.message;
	const quoted = `says: "${said}"${/[.!?]$/.test(said) ? '' : '.'}`;
	return graph.rule === 'not-graph' ? `The proxy or firewall ${quoted}` : `Meta ${quoted}`;
}

/** A proxy or firewall in front of Meta has neither a code nor a trace ID. */
function codeText({ code, subcode, traceId, rule, status }: GraphErrorDetails): string {
	if (rule === 'not-graph') return `HTTP ${status}.`;
	const behind = subcode === undefined ? '' : `, subcode ${subcode}`;
	return `Code ${code}${behind}${traceId === undefined ? '' : `, trace ID ${traceId}`}.`;
}
