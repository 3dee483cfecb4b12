import { type InsightsClient, InsightsError } from '@instagram-insights/core';
import { readMedia } from '../../descriptions/media';
import { wrongSetting } from '../../errors/wrongSetting';
import type { Item } from '../item';

/**
 * The id of the medium chosen at an item. A link costs a walk through the account's posts, because Graph knows no way
 * from a shortcode to an id.
 *
 * @throws {InsightsError} `invalid-query`: nothing chosen; `not-found`: no post of the account has the link
 */
export async function chosenMediaId(item: Item, client: InsightsClient): Promise<string> {
	const choice = readMedia(item.parameter('media', ''));
	if (choice === null) {
		const message =
			'No post, reel or story is chosen, or the link is not one of Instagram. Choose one from the list, or give its ID.';
		throw wrongSetting('media', undefined, message);
	}
	if (choice.by === 'id') return choice.id;
	const pages = client.media({ fields: ['id', 'shortcode', 'permalink'] }, { signal: item.signal });
	for await (const { items } of pages) {
		const found = items.find(({ media }) => isNamed(media, choice.shortcode));
		if (found !== undefined) return found.media.id;
	}
	throw new InsightsError('not-found', `No post of the account has the link code "${choice.shortcode}"`, {
		advice:
			'Check that the link belongs to the chosen Account. Links are searched for among its newest 10,000 posts; stories and pictures inside albums are not among them.',
	});
}

function isNamed(media: Readonly<Record<string, unknown>>, shortcode: string): boolean {
	return media.shortcode === shortcode || String(media.permalink).includes(`/${shortcode}/`);
}
