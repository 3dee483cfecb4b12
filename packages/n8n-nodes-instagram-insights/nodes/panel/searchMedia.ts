import type { ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';
import { panelClient } from './panelClient';

/** As many posts as are looked through for a search text. */
const SEARCHED = 500;
/** As many as are listed; one page of the media edge. */
const LISTED = 100;
const FIELDS = ['id', 'caption', 'media_product_type', 'permalink', 'timestamp'];

/** The newest posts and reels, or those of the newest 500 whose caption or link holds the text. */
export async function searchMedia(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const wanted = (filter ?? '').trim().toLowerCase();
	const { client } = await panelClient(this, { withAccount: true });
	const results: INodeListSearchItems[] = [];
	for await (const { items } of client.media({ fields: FIELDS, limit: wanted === '' ? LISTED : SEARCHED })) {
		for (const { media } of items) {
			const found = toListItem(media);
			if (`${found.name} ${found.url ?? ''}`.toLowerCase().includes(wanted)) results.push(found);
		}
		if (results.length >= LISTED) break;
	}
	return { results: results.slice(0, LISTED) };
}

/** A list line such as "2026-11-20 Reel: How we bake bread"; stories, which have no text, show their time. */
export function toListItem(media: Readonly<Record<string, unknown>>): INodeListSearchItems {
	const { id, caption, media_product_type: product, permalink, timestamp } = media;
	const isStory = product === 'STORY';
	const instant = typeof timestamp === 'string' ? timestamp : '';
	const when =
		isStory && instant !== '' ? `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC` : instant.slice(0, 10);
	const kind = product === 'REELS' ? 'Reel' : isStory ? 'Story' : 'Post';
	const text = typeof caption === 'string' ? caption.replace(/\s+/g, ' ').trim() : '';
	const label = [when, kind].filter((part) => part !== '').join(' ');
	const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
	return {
		name: short === '' ? label : `${label}: ${short}`,
		value: String(id),
		...(typeof permalink === 'string' ? { url: permalink } : {}),
	};
}
