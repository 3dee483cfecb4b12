import { isInsightsError } from '../../insights-error.ts';
import type { AccountQuery } from '../../query/insights-query.ts';
import { type LeftOut, type PlannedAsk, planRequests } from '../../query/plan-requests.ts';
import { SAFE_WINDOW_SECONDS } from '../../query/split-window.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { allInParallel } from '../session/in-parallel.ts';
import { askGroup, type GroupAnswer } from './ask-group.ts';

/**
 * Ask everything a question plans. The first ask goes alone: what it teaches (a refused metric, a narrower window)
 * spares the others the same refusal. Where the host turns out to have a window narrower than known, the question is
 * planned once more with a window that every host takes, and so are all later ones.
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
	const ask = (asks: PlannedAsk) => askGroup(asks, context, options);
	const [first, ...rest] = requests.map(({ asks }) => asks);
	if (!first) return { answers: [], leftOut };
	try {
		return { answers: [await ask(first), ...(await allInParallel(rest, concurrency, ask))], leftOut };
	} catch (error) {
		const tooWide = isInsightsError(error) && error.graph?.rule === 'window-too-wide';
		if (!tooWide || maxWindowSeconds !== undefined) throw error;
		memory.maxWindowSeconds = SAFE_WINDOW_SECONDS;
		return askWindows(query, context, options);
	}
}

/** The account the answers name, else the one that was asked. */
export async function accountOf(
	answers: readonly GroupAnswer[],
	context: ClientContext,
	{ signal }: QuestionOptions,
): Promise<string> {
	return answers.map(({ accountId }) => accountId).find((id) => id !== null) ?? context.accountId(signal);
}
