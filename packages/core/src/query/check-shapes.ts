import type { QueryProblem } from '../insights-error.ts';
import type { InsightsQuery } from './insights-query.ts';
import { problem } from './query-problem.ts';

const LISTS = ['metrics', 'fields', 'productTypes', 'mediaIds', 'already'];
const TEXTS = ['timeframe', 'period', 'since', 'until'];

/**
 * Problems of a question from plain JavaScript or JSON whose members are of another type than they should. With any of
 * these the rest cannot be judged.
 */
export function checkShapes(query: InsightsQuery): QueryProblem[] {
	return Object.entries(query).flatMap(([field, value]) => {
		if (value === undefined) return [];
		if (field === 'mediaIds' && Array.isArray(value) && value.some((id) => typeof id === 'number')) {
			const message =
				'A media id is a number too large for JavaScript, which changes its last digits: give it as text, in quotes.';
			return [problem(field, 'not-a-list', message)];
		}
		if (LISTS.includes(field) && !isListOfText(value)) {
			return [
				problem(field, 'not-a-list', `"${field}" is a list of texts, such as ["…", "…"]. Leave it out for none.`),
			];
		}
		if (field === 'breakdown' && typeof value !== 'string' && !isListOfText(value)) {
			return [problem(field, 'not-a-list', '"breakdown" is a text or a list of texts. Leave it out for none.')];
		}
		// A missing end of a range has a better sentence of its own.
		if (TEXTS.includes(field) && typeof value !== 'string' && !(value === null && query.kind.startsWith('account'))) {
			return [problem(field, 'not-a-text', `"${field}" is a text. Leave it out for none.`)];
		}
		return [];
	});
}

function isListOfText(value: unknown): boolean {
	return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
