import { type InsightsClient, InsightsError } from '@instagram-insights/core/internal';
import { readLocator } from '../../../panel/account';
import { readMedia } from '../../../panel/media';
import { wrongSetting } from '../../../panel/wrongSetting';
import { isAboutStories } from '../../descriptions/computed';
import type { Item } from '../item';

/**
 * The ID of the media chosen for an item. A link makes the node search the account's posts, because Graph cannot look
 * up a shortcode.
 *
 * @throws {InsightsError} `invalid-query`: nothing chosen, or no ID; `not-found`: no post of the account has the link
 */
export async function chosenMediaId(item: Item, client: InsightsClient): Promise<string> {
	const kind = isAboutStories(item) ? 'story' : 'media';
	const given = item.parameter('media', '');
	const choice = readMedia(given);
	refuseShareLink(readLocator(given, 'media').value);
	if (choice === null) throw wrongSetting('media', undefined, `${NOTHING[kind]} ${WAYS[kind]}`);
	if (choice.by === 'id') {
		if (/^\d{5,25}$/.test(choice.id)) return choice.id;
		const message = `"${choice.id}" is not a media ID, which has digits only, usually 17. ${WAYS[kind]}`;
		throw wrongSetting('media', choice.id, message);
	}
	const pages = client.media({ fields: ['id', 'shortcode', 'permalink'] }, { signal: item.signal });
	for await (const { items } of pages) {
		const found = items.find(({ media }) => isNamed(media, choice.shortcode));
		if (found !== undefined) return found.media.id;
	}
	throw new InsightsError('not-found', `No post of the account has the link code "${choice.shortcode}"`, {
		advice:
			'Check that the link belongs to the chosen Account. The node searches its newest 10,000 posts; stories and pictures inside albums are not among them.',
	});
}

/** The link that *Share* copies in the app. It does not hold the shortcode; only a browser can follow it. */
function refuseShareLink(text: string): void {
	if (!/instagram\.com\/share\//.test(text)) return;
	const message =
		'This is a share link, which does not name the post. Open it in a browser and copy the address it leads to.';
	throw wrongSetting('media', text, message);
}

const NOTHING = {
	media: 'No post or reel is chosen, or the link does not belong to Instagram.',
	story: 'No story is chosen.',
} as const;

const WAYS = {
	media:
		"Choose one from the list, enter Meta's ID, such as 18000000000000001, or paste the link of a post or reel. Post or Reel: Get Many lists posts with their IDs.",
	story:
		"Choose one from the list, or enter Meta's ID, such as 18000000000000002. Story: Get Many lists live stories with their IDs.",
} as const;

function isNamed(media: Readonly<Record<string, unknown>>, shortcode: string): boolean {
	return media.shortcode === shortcode || String(media.permalink).includes(`/${shortcode}/`);
}
