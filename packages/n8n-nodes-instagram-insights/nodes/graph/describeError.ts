import {
	type GraphErrorDetails,
	type InsightsError,
	type QueryProblem,
	wordsOf,
} from '@instagram-insights/core/internal';
import { parameterLabel } from '../panel/wrongSetting';

/** What the editor shows: what happened, and what to do. */
export type ErrorTexts = { readonly message: string; readonly description: string };

/** What to do about a problem found in Meta's answer, by its reason. */
const WAYS_OUT: Readonly<Record<string, string>> = {
	'several-accounts': 'Choose the one to read under "Account".',
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
export function describeError(error: InsightsError): ErrorTexts {
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
const UNTOLD: readonly (string | undefined)[] = [undefined, 'parameter-invalid', 'unknown-failure'];

function listsOfIds({ kind, message }: InsightsError): string {
	const [what = ''] = message.split(': ');
	if (kind !== 'not-found' || what.startsWith('@')) return '';
	if (what.includes('account')) return 'Account: Get Many lists valid IDs.';
	return 'Post or Reel: Get Many and Story: Get Many list valid IDs.';
}

/** Whether the message quotes a refusal that the advice explains better. */
function isMetasWord({ graph, message }: InsightsError): boolean {
	return graph !== undefined && !UNTOLD.includes(graph.rule) && message.includes(wordsOf(graph));
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
		message: `${problems.length} settings cannot be asked of Instagram: ${named.join(', ')}`,
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
	const quoted = `says: "${graph.userMessage ?? graph.message}".`;
	return graph.rule === 'not-graph' ? `What stands in the way ${quoted}` : `Meta ${quoted}`;
}

/** A proxy or firewall in front of Meta has neither a code nor a trace ID. */
function codeText({ code, subcode, traceId, rule, status }: GraphErrorDetails): string {
	if (rule === 'not-graph') return `HTTP ${status}.`;
	const behind = subcode === undefined ? '' : `, subcode ${subcode}`;
	return `Code ${code}${behind}${traceId === undefined ? '' : `, trace ID ${traceId}`}.`;
}
