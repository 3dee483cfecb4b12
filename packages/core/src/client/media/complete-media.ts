import { withNulls } from '../../insight/read-media.ts';
import type { MediaMetricPlan } from '../../query/plan-media-metrics.ts';
import { absent } from '../absence.ts';
import { type Asking, askMedia, type MediaAsk } from './ask-media.ts';
import type { KnownMedia, ListPart, MediaPage, MediaReading } from './media-item.ts';
import { absenceFor } from './media-kind.ts';

export type MediaQuestion = {
	readonly metrics: readonly string[];
	readonly plan: MediaMetricPlan;
	readonly breakdown?: string | undefined;
	/** Breakdowns of single metrics. */
	readonly split?: Readonly<Record<string, string>> | undefined;
	/** Fields that were asked for. */
	readonly fields: readonly string[];
};

/**
 * Ask for what a list left open: metrics that only some kinds of media have, those that must go alone, and those that
 * nesting could not read. Only media that can have a metric are asked for it.
 */
export async function completeMedia(
	part: ListPart,
	question: MediaQuestion,
	asking: Asking,
): Promise<Omit<MediaPage, 'items'> & { readonly items: readonly MediaReading[] }> {
	const asks = part.media.map((one) => asksFor(one, question, asking));
	const answers = (await askMedia(asks.flat(), asking)).values();
	const items = part.media.map(({ media, known, error: earlier }, index): MediaReading => {
		const answered = [...answers.take(asks[index]?.length ?? 0)];
		const found = new Map(known);
		for (const { insights } of answered) for (const insight of insights) found.set(insight.metric, insight);
		const insights = question.metrics.map((metric) => {
			const absence = absenceFor(metric, media, asking.memory) ?? { reason: 'no-data' };
			return found.get(metric) ?? absent(metric, absence);
		});
		// Whatever was refused in between: a medium with a number was read.
		const isRead = insights.some(({ shape }) => shape !== 'absent');
		const error = isRead ? undefined : (earlier ?? answered.find((one) => one.error)?.error);
		return {
			media: withNulls(media, question.fields),
			insights,
			raw: answered.flatMap(({ raw }) => raw),
			...(error ? { error } : {}),
		};
	});
	return { items, raw: [...part.raw, ...items.flatMap((item) => item.raw)] };
}

function asksFor(
	{ media, known }: KnownMedia,
	{ plan, breakdown, split }: MediaQuestion,
	{ memory }: Asking,
): MediaAsk[] {
	const open = (metric: string) => !known.has(metric) && absenceFor(metric, media, memory) === null;
	const together = [...plan.nested, ...plan.single].filter(open);
	const groups = [...(together.length > 0 ? [together] : []), ...plan.alone.filter(open).map((metric) => [metric])];
	const isRead = [...known.values()].some(({ shape }) => shape !== 'absent');
	return groups.map((metrics) => ({ media, metrics, breakdown: split?.[metrics[0] ?? ''] ?? breakdown, isRead }));
}
