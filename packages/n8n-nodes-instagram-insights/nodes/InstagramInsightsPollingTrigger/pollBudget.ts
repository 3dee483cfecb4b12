import {
	absent,
	absentReasonOf,
	type Insight,
	InsightsError,
	isInsightsError,
	type MediaFields,
	type MediaItem,
	type MediaReading,
} from '@instagram-insights/core/internal';
import type { Look } from './watch';

/**
 * Take everything that comes before the time of the poll is up.
 *
 * @returns whether everything came
 */
export async function takeInTime<T>(
	{ signal }: Look,
	source: AsyncIterable<T>,
	take: (value: T) => unknown,
): Promise<boolean> {
	async function takeAll(): Promise<boolean> {
		for await (const value of source) take(value);
		return true;
	}
	return await takeAll().catch((error: unknown) => (isTimeUp(error, signal) ? false : Promise.reject(error)));
}

/** Whether something failed because n8n's time for the poll is over. */
export function isTimeUp(error: unknown, signal: AbortSignal | undefined): boolean {
	return signal?.aborted === true && isInsightsError(error) && error.kind === 'cancelled';
}

/** Not even one step fits into the time. What is remembered stays as it was. */
export function timeIsUp(cause?: unknown): InsightsError {
	return new InsightsError('transient', 'Instagram did not answer within the time that n8n gives a poll', {
		advice: 'Nothing is lost: the next poll tries again. If this repeats, set Options > Max Wait to 0.',
		cause,
	});
}

/** What was read of a list of media in the time of a poll. */
export type TimedRead = {
	readonly items: readonly MediaItem[];
	/** With an order: media that there was no time for, and media that the order left out. */
	readonly unread: readonly MediaFields[];
	readonly rest: readonly MediaFields[];
	readonly isWhole: boolean;
};

/**
 * Read a list of media with their numbers, as far as the time of the poll allows.
 *
 * The fast way nests the numbers in the list. It may bring nothing at all when it is cut off, so the look after that
 * names an order: then the list comes first and each medium by itself after it, so that every look gets further.
 *
 * @param list the list with these metrics
 * @param order undefined for the fast way; else the media to read, the most urgent first
 */
export async function readInTime(
	look: Look,
	metrics: readonly string[],
	list: (metrics: readonly string[]) => AsyncIterable<{ readonly items: readonly MediaItem[] }>,
	order?: (media: readonly MediaFields[]) => readonly MediaFields[],
): Promise<TimedRead> {
	const listed: MediaItem[] = [];
	const isListed = await takeInTime(look, list(order === undefined ? metrics : []), ({ items }) =>
		listed.push(...items),
	);
	if (order === undefined) {
		if (!isListed) look.warn(`ran out of time after ${listed.length} media: the next poll goes on`);
		return { items: listed, unread: [], rest: [], isWhole: isListed };
	}
	if (!isListed) throw timeIsUp();
	const media = listed.map((item) => item.media);
	const wanted = order(media);
	const items: MediaReading[] = [];
	const numbers = look.client.mediaInsights({ mediaIds: wanted.map(({ id }) => id), metrics }, { signal: look.signal });
	const isWhole = wanted.length === 0 || (await takeInTime(look, numbers, (item) => items.push(item)));
	if (!isWhole && items.length === 0) throw timeIsUp();
	// The numbers come in the order asked.
	return {
		items: items.map((item, index) => ({ media: wanted[index] ?? item.media, insights: numbersOf(item, metrics) })),
		unread: wanted.slice(items.length),
		rest: media.filter((one) => !wanted.includes(one)),
		isWhole,
	};
}

/** A medium that could not be read has its columns too, with the reason for each number it lacks. */
export function numbersOf({ insights, error }: MediaReading, metrics: readonly string[]): readonly Insight[] {
	if (error === undefined) return insights;
	const missing = metrics.filter((name) => !insights.some(({ metric }) => metric === name));
	const absence = { reason: absentReasonOf(error), message: error.message };
	return [...insights, ...missing.map((metric) => absent(metric, absence))];
}
