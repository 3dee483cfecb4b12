import { InsightsError, isInsightsError, type QueryProblem } from '@instagram-insights/core/internal';

/** A refused question in other words: each of its problems renamed. Every other error is as it was. */
export function renameProblems(error: unknown, rename: (problem: QueryProblem) => QueryProblem): unknown {
	if (!isInsightsError(error) || error.problems === undefined) return error;
	const { kind, message, advice, problems } = error;
	return new InsightsError(kind, message, { advice, problems: problems.map(rename), cause: error });
}
