import { InsightsError, type QueryProblem } from '../insights-error.ts';
import { checkQuery } from '../query/check-query.ts';
import type { InsightsQuery, QueryContext } from '../query/insights-query.ts';
import type { Memory } from './memory.ts';
import type { Session } from './session/session.ts';

/** What every question of one client works with. */
export type ClientContext = {
	readonly session: Session;
	readonly memory: Memory;
	/** The account as a path has it: its id, or `me` on graph.instagram.com. */
	accountId(signal?: AbortSignal): Promise<string>;
	/** The same for a question that any account of the token can ask: of several, the first one. */
	anyAccountId(signal?: AbortSignal): Promise<string>;
	readonly concurrency: number;
	readonly pageSize: number;
	readonly allowUnknown: boolean;
	/** List each page of media without insights first, from the first page on. */
	readonly listFirst: boolean;
	/** IANA zone of the caller; undefined: that of Instagram's days. */
	readonly timeZone: string | undefined;
};

/** The options that every question takes. */
export type QuestionOptions = { readonly signal?: AbortSignal | undefined };

/**
 * Throw if the question cannot be answered, before anything is sent.
 *
 * @throws {InsightsError} `invalid-query` with every problem
 */
export function assertAskable(query: InsightsQuery, context: ClientContext): void {
	refuse(checkQuery(query, queryContext(context)));
}

/** What the checks of a question need to know of the client. */
export function queryContext({ session, allowUnknown, timeZone }: ClientContext): QueryContext {
	return { host: session.host, now: session.now(), allowUnknown, timeZone };
}

/** @throws {InsightsError} `invalid-query` with every problem, if there is one */
export function refuse(problems: readonly QueryProblem[]): void {
	if (problems.length === 0) return;
	throw new InsightsError('invalid-query', problems.map(({ message }) => message).join(' '), {
		advice: 'Nothing was sent. Change the settings named above and run again.',
		problems,
	});
}
