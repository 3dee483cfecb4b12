import type { InsightsError } from '../insights-error.ts';

/**
 * Which of the requested metrics a refusal is about: those that Meta's message names or that `metric[N]` points at. It
 * does not depend on known sentences, so new wordings work as well.
 *
 * @param asked the metrics of the refused request, in its order
 * @returns in the order asked; empty if the refusal names none
 */
export function refusedMetrics({ graph }: Pick<InsightsError, 'graph'>, asked: readonly string[]): string[] {
	const texts = [graph?.message, graph?.userMessage, graph?.userTitle].map((text) =>
		(text ?? '').replace(WOULD_DO, ' '),
	);
	const text = texts.join('\n');
	const places = [...text.matchAll(/\bmetrics?\[(\d+)\]/gi)].map(([, place]) => Number(place));
	const marked = new Set(
		MARKED.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, list = '']) => words(list))),
	);
	const certain = asked.filter((metric, place) => marked.has(metric) || places.includes(place));
	if (certain.length > 0) return certain;
	const mentioned = new Set(words(text));
	return asked.filter((metric) => mentioned.has(metric));
}

/** Names that Meta suggests instead of the refused ones. */
const WOULD_DO =
	/\b(?:must be one of|(?:valid|allowed|available|supported|accepted|possible)(?: \w+)? (?:are|is)\b|\b(?:please )?(?:use|try)\b)[^.\n]*/gi;

const NAME = '[a-z][a-z0-9_]*';
const LIST = `${NAME}(?:(?:\\s*,\\s*|\\s+(?:and|or)\\s+)${NAME})*`;

/** Contexts in which a word is certainly a metric, even if it is also an English word: `reach`, `views`, `comments`. */
const MARKED: readonly RegExp[] = [
	new RegExp(`["'\`“‘(\\[{]\\s*(${LIST})\\s*["'\`”’)\\]}]`, 'gi'),
	new RegExp(`\\b(${LIST}) metrics?\\b`, 'gi'),
	new RegExp(`\\bmetrics?:?\\s+(${LIST})`, 'gi'),
];

function words(text: string): string[] {
	return text.match(/[a-z][a-z0-9_]*/gi) ?? [];
}
