import type { AbsentReason, MediaFields, OthersMediaQuery } from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import { accountParameter } from '../../../panel/account';
import { fieldsOptions, optionsParameter, readFields } from '../../../panel/options';
import { mediaRow, scalar } from '../../../rows/mediaRows';
import { readLimit, resultCountParameters } from '../../descriptions/listParameters';
import { outputParameters } from '../../descriptions/output';
import type { Item } from '../item';
import type { Operation } from '../operation';

const TAGGED_COUNTS = { like_count: 'withheld', comments_count: 'no-data' } as const;
const COLLABORATIVE_COUNTS = {
	...TAGGED_COUNTS,
	saved_count: 'withheld',
	shares_count: 'withheld',
	reposts_count: 'withheld',
	total_like_count: 'withheld',
	total_comments_count: 'withheld',
	total_views_count: 'withheld',
} as const;

/** Posts by others that tag the account. */
export const getTagged: Operation = {
	value: 'getTagged',
	name: 'Get Tagged',
	action: 'Get tagged media',
	description:
		"Retrieve posts and reels by others that tag the account, newest first, with who posted them, caption, link, likes and comments. Insights are not included: only the owner has them. Facebook Login needs the permission instagram_manage_comments. Meta's documentation does not say clearly whether Instagram Login works.",
	builderHint: "Use for posts of others that tag the account. For the account's own posts, use getMany.",
	fields: fieldsOf(),
	run: (item) => rowsOf(item, 'tags', TAGGED_COUNTS),
	columns: (item) => Object.keys(rowOf({ id: '' }, { item, edge: 'tags', counts: TAGGED_COUNTS })),
};

/** Posts by others on which the account is a collaborator. */
export const getCollaborative: Operation = {
	value: 'getCollaborative',
	name: 'Get Collaborative',
	action: 'Get collaborative media',
	description:
		'Retrieve posts and reels by others on which the account is a collaborator, newest first, with likes, comments, saves, shares, reposts and the counts with ads, unless the owner hides them. Does not include your own posts or stories. Facebook Login only.',
	builderHint: 'Use for collab posts that others published. Works with Facebook Login only.',
	fields: fieldsOf(),
	run: (item) => rowsOf(item, 'collaborative_media', COLLABORATIVE_COUNTS),
	columns: (item) =>
		Object.keys(rowOf({ id: '' }, { item, edge: 'collaborative_media', counts: COLLABORATIVE_COUNTS })),
	inPanel: (problem) => (problem.field === 'edge' ? { ...problem, field: 'authentication' } : problem),
};

function fieldsOf() {
	return [accountParameter, ...resultCountParameters, ...outputParameters, optionsParameter(fieldsOptions('media'))];
}

async function* rowsOf(item: Item, edge: OthersMediaQuery['edge'], counts: Counts): AsyncGenerator<IDataObject> {
	const client = await item.client();
	const fields = readFields(item.options.fields);
	let count = 0;
	for await (const { items } of client.othersMedia({ edge, fields, limit: readLimit(item) }, { signal: item.signal })) {
		count += items.length;
		for (const { media } of items) {
			yield item.simplify ? rowOf(media, { item, edge, counts }) : ({ ...media } as IDataObject);
		}
	}
	if (count === 0) item.hint('note', NOTHING[edge](item));
}

type Wanted = { readonly item: Item; readonly edge: OthersMediaQuery['edge']; readonly counts: Counts };

function rowOf(media: MediaFields, { item, edge, counts }: Wanted): IDataObject {
	const fields = readFields(item.options.fields);
	if (fields === undefined) return othersRow(media, counts, edge === 'tags', item);
	return mediaRow(media, { values: {}, gaps: [] }, { fields, timeZone: item.timeZone });
}

const NOTHING: Readonly<Record<OthersMediaQuery['edge'], (item: Item) => string>> = {
	tags: ({ host }) =>
		host === 'graph.facebook.com'
			? 'Nobody else has tagged the account, or only private accounts have.'
			: "Meta gave no post in which the account is tagged. Meta's pages contradict each other on whether Instagram Login may read tags: if there are some, use Facebook Login.",
	collaborative_media: () => 'The account is not a collaborator of any post of others. Its own posts are in Get Many.',
};

/** The counts, and the reason to give for each if Meta leaves it out. */
type Counts = Readonly<Record<string, AbsentReason>>;

/** A post by someone else as a row. A count that Meta leaves out is missing, not 0. */
export function othersRow(media: MediaFields, counts: Counts, withPicture: boolean, { timeZone }: Item): IDataObject {
	const columns = Object.keys(counts);
	const values = Object.fromEntries(
		columns.map((name) => [name, typeof media[name] === 'number' ? media[name] : null]),
	);
	const missing = columns.filter((name) => values[name] === null);
	const gaps = missing.map((column) => ({ column, reason: counts[column] ?? ('no-data' as const) }));
	const noPicture = withPicture && media.media_url == null && media.thumbnail_url == null;
	const all = noPicture ? [...gaps, { column: 'image_url', reason: 'withheld' as const }] : gaps;
	const fields = ['caption', 'hashtags', 'permalink', ...(withPicture ? ['image_url'] : [])];
	return { posted_by: scalar(media.username), ...mediaRow(media, { values, gaps: all }, { fields, timeZone }) };
}
