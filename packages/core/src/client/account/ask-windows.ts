import { type InsightsErrorKind, isInsightsError } from '../../insights-error.ts';
import { SAFE_WINDOW_SECONDS } from '../../query/date-range.ts';
import type { AccountQuery } from '../../query/insights-query.ts';
import { type LeftOut, planRequests } from '../../query/plan-requests.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { isAlike } from '../nothing-came.ts';
import { allInParallel } from '../session/in-parallel.ts';
import { askGroup, type GroupAnswer, refusedAnswer } from './ask-group.ts';

/**
 * Ask everything a question plans. Until one is answered they go one by one: what the first teaches (a refused metric, a
 * narrower window) spares the others the same refusal, and after two that were refused as a whole the rest is not asked.
 * Where the host turns out to have a window narrower than known, the question is planned once more with a window
 * that every host takes, and so are all later ones.
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
			// Days that are too old say nothing of later ones, a metric nothing of others.
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

/** As many requests of different metrics or days, refused alike as a whole, speak for the question. */
const ENOUGH = 2;

const OF_A_PART: readonly InsightsErrorKind[] = ['window', 'unknown-metric', 'unsupported-metric'];

/**
 * Fail where nothing of a question was answered: a table of nulls would pass for an answer.
 *
 * @throws {InsightsError} the first refusal
 */
export function throwIfRefused(answers: readonly GroupAnswer[]): void {
	const [first] = answers;
	if (first?.refusal !== undefined && answers.every(({ refusal }) => refusal !== undefined)) throw first.refusal;
}

/** The account the answers name, else the one that was asked. */
export async function accountOf(
	answers: readonly GroupAnswer[],
	context: ClientContext,
	{ signal }: QuestionOptions,
): Promise<string> {
	return answers.map(({ accountId }) => accountId).find((id) => id !== null) ?? context.accountId(signal);
}
