import type { MediaMetricPlan } from '../../query/plan-media-metrics.ts';
import { absent } from '../absence.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { askMedia, type MediaAsk } from './ask-media.ts';
import type { MediaPage, MediaReading } from './media-item.ts';
import { absenceFor } from './media-kind.ts';
import type { WalkedMedia } from './walk-state.ts';

export type MediaPart = { readonly media: readonly WalkedMedia[]; readonly raw: readonly unknown[] };

export type CompletedMedia = Omit<MediaPage, 'items'> & {
	/** Each with the bodies that were asked for it alone. */
	readonly items: readonly MediaReading[];
};

/**
 * Ask for what a walk left open: metrics that only some kinds of media have, those that must go alone, and those that
 * nesting could not read. Only media that can have a metric are asked for it.
 */
export async function completeMedia(
	part: MediaPart,
	question: {
		readonly metrics: readonly string[];
		readonly plan: MediaMetricPlan;
		readonly breakdown?: string | undefined;
	},
	context: ClientContext,
	options: QuestionOptions,
): Promise<CompletedMedia> {
	const asks = part.media.map((one) => asksFor(one, question, context));
	const answered = await askMedia(asks.flat(), context, options);
	let place = 0;
	const items = part.media.map(({ media, known, error: earlier }, index): MediaReading => {
		const found = new Map(known);
		const raw: unknown[] = [];
		let error = earlier;
		for (const _ of asks[index] ?? []) {
			const answer = answered[place];
			place += 1;
			for (const insight of answer?.insights ?? []) found.set(insight.metric, insight);
			raw.push(...(answer?.raw ?? []));
			error ??= answer?.error;
		}
		const insights = question.metrics.map((metric) => {
			const absence = absenceFor(metric, media, context.memory) ?? { reason: 'no-data' };
			return found.get(metric) ?? absent(metric, absence);
		});
		// Whatever was refused in between: a medium with a number was read.
		const isRead = insights.some(({ shape }) => shape !== 'absent');
		return { media, insights, raw, ...(error && !isRead ? { error } : {}) };
	});
	return { items, raw: [...part.raw, ...items.flatMap((item) => item.raw)] };
}

function asksFor(
	{ media, known }: WalkedMedia,
	{ plan, breakdown }: { readonly plan: MediaMetricPlan; readonly breakdown?: string | undefined },
	{ memory }: ClientContext,
): MediaAsk[] {
	const open = (metric: string) => !known.has(metric) && absenceFor(metric, media, memory) === null;
	const together = [...plan.nested, ...plan.single].filter(open);
	const groups = [...(together.length > 0 ? [together] : []), ...plan.alone.filter(open).map((metric) => [metric])];
	return groups.map((metrics) => ({ media, metrics, breakdown }));
}
