import type { INodeProperties, INodePropertyModeValidation } from 'n8n-workflow';
import { readLocator } from './account';

const MEDIA_ID: INodePropertyModeValidation[] = [
	{ type: 'regex', properties: { regex: '\\s*[0-9]{5,25}\\s*', errorMessage: 'A media ID has digits only' } },
];

/** What precedes the code in links of posts and reels. Share links do not hold the code. */
const POST_PATH = 'instagram\\.com\\/(?!share\\/)(?:[\\w.]+\\/)?(?:p|reel|reels|tv)\\/';

/** Kinds of links the Instagram app copies for a post or reel. */
const POST_URL = `\\s*(?:https?:\\/\\/)?(?:www\\.|m\\.)?${POST_PATH}[\\w-]+.*`;

/** One post or reel. */
export const mediaParameter: INodeProperties = {
	displayName: 'Post',
	name: 'media',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description:
		'The post or reel to read. The list shows the newest 100, and its search covers the newest 500. For a picture inside an album, choose the album.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose a post or reel',
			typeOptions: { searchListMethod: 'searchMedia', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 18000000000000001',
			hint: "Meta's media ID, not the code in the link",
			validation: MEDIA_ID,
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://www.instagram.com/p/AbCdEfGhIjK/',
			hint: 'Meta cannot look up links, so the node searches the posts of the account: one call per 100 posts. An ID needs no search.',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: POST_URL,
						errorMessage:
							'This is not a link to a post or reel. If it is a share link, open it in a browser and copy the address it leads to.',
					},
				},
			],
		},
	],
};

/** One story of the last 24 hours. */
export const storyParameter: INodeProperties = {
	displayName: 'Story',
	name: 'media',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The story to read. Its insights are available for 24 hours after posting.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose a live story',
			typeOptions: { searchListMethod: 'searchStories', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 18000000000000002',
			hint: "Meta's media ID, not the number in the story's link",
			validation: MEDIA_ID,
		},
	],
};

/** How a post or story is named: by Meta's ID, or by the shortcode in its link. */
export type MediaChoice =
	| { readonly by: 'id'; readonly id: string }
	| { readonly by: 'shortcode'; readonly shortcode: string };

/** The choice in the locator; null if nothing is chosen. */
export function readMedia(value: unknown): MediaChoice | null {
	const { mode, value: text } = readLocator(value, 'media');
	if (text === '') return null;
	const shortcode = shortcodeOf(text);
	if (shortcode !== null) return { by: 'shortcode', shortcode };
	return mode === 'url' ? null : { by: 'id', id: text };
}

/** The shortcode in the link of a post; null for any other text. */
export function shortcodeOf(url: string): string | null {
	const found = new RegExp(`${POST_PATH}([\\w-]+)`).exec(url);
	return found?.[1] ?? null;
}
