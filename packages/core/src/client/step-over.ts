import type { MediaFields } from '../graph/media-answer.ts';
import type { Insight } from '../insight/insight.ts';
import { readInsights } from '../insight/read-insights.ts';
import { isInsightsError } from '../insights-error.ts';
import { absenceOf, absent } from './absence.ts';
import type { Doubt } from './choose-run.ts';
import { absenceFor, rememberRefusal } from './media-kind.ts';
import { namedMetrics } from './narrow-refusal.ts';
import { movePast, movePastAhead, withoutInsights } from './page-place.ts';
import { type Walk, type WalkedMedia, walked, without } from './walk-state.ts';

/** How many of the media known ahead have all of these metrics, as far as their kind tells. */
export function cleanRun(walk: Walk, metrics: readonly string[]): number {
	const { memory } = walk.context;
	const odd = walk.place.ahead.findIndex((media) =>
		metrics.some((metric) => absenceFor(metric, media, memory) !== null),
	);
	return odd < 0 ? walk.place.ahead.length : odd;
}

/**
 * Step over the media at the head of the walk whose kind lacks some of the metrics: with the metrics they do have, or
 * with a plain request for the cursor behind them, which is spared where the listing ahead ended with them.
 */
export async function stepOverOddKinds(walk: Walk, metrics: readonly string[]): Promise<WalkedMedia[]> {
	const { place, context } = walk;
	const lackedBy = (media: MediaFields): Insight[] =>
		metrics.flatMap((metric) => {
			const absence = absenceFor(metric, media, context.memory);
			return absence ? absent(metric, absence) : [];
		});
	const lackingAll = place.ahead.findIndex((media) => lackedBy(media).length < metrics.length);
	const count = lackingAll < 0 ? place.ahead.length : lackingAll;
	if (count === 0) {
		const [media] = place.ahead;
		if (!media) return [];
		// Some of the metrics hold: the medium is read apart with those.
		const known = walked(media, lackedBy(media));
		await moveOver(walk, 1);
		return [known];
	}
	const stepped = place.ahead.slice(0, count).map((media) => walked(media, lackedBy(media)));
	await moveOver(walk, count);
	return stepped;
}

/** The next medium is the one in doubt: hand it out with what the refusal leaves of it. */
export async function settleDoubt(walk: Walk, doubt: Doubt, metrics: readonly string[]): Promise<WalkedMedia[]> {
	walk.doubt = null;
	if (doubt.about === 'old') {
		walk.old = true;
		return [];
	}
	const absence = absenceOf(doubt.error);
	const named = namedMetrics(doubt.error, metrics);
	const rest = metrics.filter((metric) => !named.includes(metric));
	if (named.length > 0 && rest.length > 0) {
		try {
			const listed = await walk.list({ metrics: rest, limit: 1, after: walk.place.after });
			movePast(walk.place, listed);
			return listed.nodes.map((node) => {
				const media = withoutInsights(node);
				for (const metric of named) rememberRefusal(metric, media, absence, walk.context.memory);
				const read = readInsights(node.insights?.data ?? [], { metrics: rest });
				return walked(media, [...read, ...named.map((metric) => absent(metric, absence))]);
			});
		} catch (error) {
			// Refused for yet another reason: it is read apart, where every metric is narrowed by itself.
			if (!isInsightsError(error) || error.kind === 'cancelled') throw error;
		}
	}
	const listed = await walk.list({ metrics: [], limit: 1, after: walk.place.after });
	movePast(walk.place, listed);
	return listed.nodes.map((node) => {
		const media = withoutInsights(node);
		// The refusal of a single medium speaks for all its metrics, unless it names some or none of them.
		if (doubt.error.kind === 'too-few-viewers' || doubt.error.kind === 'too-much-data')
			return without(media, metrics, absence);
		for (const metric of named) rememberRefusal(metric, media, absence, walk.context.memory);
		return without(media, named, absence);
	});
}

async function moveOver(walk: Walk, count: number): Promise<void> {
	const { place } = walk;
	if (count === place.ahead.length) movePastAhead(place);
	else movePast(place, await walk.list({ metrics: [], limit: count, after: place.after }, ['id']));
}
