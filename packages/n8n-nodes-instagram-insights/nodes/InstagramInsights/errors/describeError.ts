import type { InsightsError, QueryProblem } from '@instagram-insights/core';
import { parameterLabel } from './parameterLabel';

/** What the editor shows: what happened, and how to get on. */
export type ErrorTexts = { readonly message: string; readonly description: string };

/** What to do about a problem that only Meta's answer could tell of, by its reason. */
const WAYS_OUT: Readonly<Record<string, string>> = {
	'several-accounts': 'Choose the one to read under "Account".',
};

/** The texts for an error of core. Neither holds a token: core takes them out before. */
export function describeError(error: InsightsError): ErrorTexts {
	const { problems } = error;
	const wayOut = problems?.map(({ reason }) => WAYS_OUT[reason]).find((way) => way !== undefined);
	if (wayOut !== undefined) return { message: error.message, description: wayOut };
	if (problems !== undefined && problems.length > 0) return describeProblems(problems);
	const parts = [error.advice, retryText(error), metaText(error)];
	return { message: error.message, description: parts.filter((part) => part !== '').join(' ') };
}

function describeProblems(problems: readonly QueryProblem[]): ErrorTexts {
	const [first] = problems;
	if (problems.length === 1 && first !== undefined) {
		const label = parameterLabel(first.field);
		const change = first.suggestion === undefined ? '' : ` "${first.suggestion}" would work.`;
		return {
			message: `${label}: ${first.message}`,
			description: `Change the parameter "${label}".${change} Nothing was sent to Meta.`,
		};
	}
	const named = problems.map(({ field, value }) =>
		value === undefined ? parameterLabel(field) : `${parameterLabel(field)} "${value}"`,
	);
	const list = problems.map(({ field, message }, index) => `${index + 1}) ${parameterLabel(field)}: ${message}`);
	return {
		message: `${problems.length} settings cannot be asked of Instagram: ${named.join(', ')}`,
		description: `${list.join(' ')} Nothing was sent to Meta.`,
	};
}

/** When to come back, unless the advice says so already. */
function retryText({ advice, retryAfterMs }: InsightsError): string {
	if (retryAfterMs === undefined || retryAfterMs <= 0 || /minute/.test(advice)) return '';
	const minutes = Math.ceil(retryAfterMs / 60_000);
	return `It is worth trying again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
}

function metaText({ graph, message }: InsightsError): string {
	if (graph === undefined) return '';
	// The message has Meta's words without the number before them and the full stop behind.
	const words = graph.message.replace(/^\(#-?\d+\)\s*/, '').replace(/[.\s]+$/, '');
	const quoted = message.includes(words) ? '' : `Meta says: "${graph.message}".`;
	const subcode = graph.subcode === undefined ? '' : `, subcode ${graph.subcode}`;
	const trace = graph.traceId === undefined ? '' : `, trace ID ${graph.traceId}`;
	return [quoted, `Code ${graph.code}${subcode}${trace}.`].filter((part) => part !== '').join(' ');
}
