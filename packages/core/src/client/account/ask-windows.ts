import { type InsightsErrorKind, isInsightsError } from '../../insights-error.ts';
import { SAFE_WINDOW_SECONDS } from '../../query/date-range.ts';
import type { AccountQuery } from '../../query/insights-query.ts';
import { type LeftOut, planRequests } from '../../query/plan-requests.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { isAlike } from '../nothing-came.ts';
import { allInParallel } from '../session/in-parallel.ts';
import { askGroup, type GroupAnswer, refusedAnswer } from './ask-group.ts';

/**
 * Send all requests of a question. Until one is answered they go one by one, so that what the first ones show (a refused
 * metric, a narrower window) saves the others the same refusal. After two were refused as a whole, the rest is not sent.
 * If the host takes only narrower windows than known, this question and all later ones are planned again with a window
 * that every host takes.
 *
 * @returns answers in the order planned, and what the plan leaves out
 */
export async function askWindows(
	query: AccountQuery,
	context: ClientContext,
	options: QuestionOptions,
): Promise<{ readonly answers: readonly GroupAnswer[]; readonly leftOut: readonly LeftOut[] }> {
	const { session, memory, concurrency } = context;
	const { maxWindowSeconds } = memory;
	const { requests, leftOut } = planRequests(query, { host: session.host, now: session.now(), maxWindowSeconds });
	const asks = requests.map((planned) => planned.asks);
	const answers: GroupAnswer[] = [];
	try {
		for (const one of asks) {
			const answer = await askGroup(one, context, { ...options, before: answers[0] });
			answers.push(answer);
			if (answer.refusal === undefined) break;
			const [first] = answers;
			// Days that are too old say nothing about later days, and a refused metric says nothing about others.
			if (OF_A_PART.includes(answer.refusal.kind)) continue;
			if (answers.length < ENOUGH || !first?.refusal || !isAlike(first.refusal, answer.refusal)) continue;
			const { refusal } = answer;
			return {
				answers: [...answers, ...asks.slice(answers.length).map((rest) => refusedAnswer(rest, refusal))],
				leftOut,
			};
		}
		const rest = asks.slice(answers.length);
		const others = await allInParallel(rest, concurrency, (one) => askGroup(one, context, options));
		return { answers: [...answers, ...others], leftOut };
	} catch (error) {
		const tooWide = isInsightsError(error) && error.graph?.rule === 'window-too-wide';
		if (!tooWide || maxWindowSeconds !== undefined) throw error;
		memory.maxWindowSeconds = SAFE_WINDOW_SECONDS;
		return askWindows(query, context, options);
	}
}

/** How many requests for different metrics or days, all refused alike as a whole, mean that the question is refused. */
const ENOUGH = 2;

const OF_A_PART: readonly InsightsErrorKind[] = ['window', 'unknown-metric', 'unsupported-metric'];

/**
 * Fail if nothing was answered: a table of nulls would look like an answer.
 *
 * @throws {InsightsError} the first refusal
 */
export function throwIfRefused(answers: readonly GroupAnswer[]): void {
	const [first] = answers;
	if (first?.refusal !== undefined && answers.every(({ refusal }) => refusal !== undefined)) throw first.refusal;
}

/** The account that the answers name, otherwise the one that was asked. */
export async function accountOf(
	answers: readonly GroupAnswer[],
	context: ClientContext,
	{ signal }: QuestionOptions,
): Promise<string> {
	return answers.map(({ accountId }) => accountId).find((id) => id !== null) ?? context.accountId(signal);
}
