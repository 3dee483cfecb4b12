import { isInsightsError } from '../../insights-error.ts';
import type { AccountQuery } from '../../query/insights-query.ts';
import { type PlannedAsk, planRequests } from '../../query/plan-requests.ts';
import { THIRTY_DAYS_SECONDS } from '../../query/split-window.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { allInParallel } from '../session/in-parallel.ts';
import { askGroup, type GroupAnswer } from './ask-group.ts';

/**
 * Ask everything a question plans. The first ask goes alone: what it teaches (a refused metric, a narrower window)
 * spares the others the same refusal. Where the host turns out to have a window narrower than known, the question is
 * planned once more with 30 days, which every host takes, and so are all later ones.
 *
 * @returns answers in the order planned
 */
export async function askWindows(
	query: AccountQuery,
	context: ClientContext,
	options: QuestionOptions,
): Promise<GroupAnswer[]> {
	const { session, memory, concurrency } = context;
	const { maxWindowSeconds } = memory;
	const plan = planRequests(query, { host: session.host, now: session.now(), maxWindowSeconds });
	const ask = (asks: PlannedAsk) => askGroup(asks, context, options);
	const [first, ...rest] = plan.map(({ asks }) => asks);
	if (!first) return [];
	try {
		return [await ask(first), ...(await allInParallel(rest, concurrency, ask))];
	} catch (error) {
		const tooWide = isInsightsError(error) && error.graph?.rule === 'window-too-wide';
		if (!tooWide || maxWindowSeconds !== undefined) throw error;
		memory.maxWindowSeconds = THIRTY_DAYS_SECONDS;
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
