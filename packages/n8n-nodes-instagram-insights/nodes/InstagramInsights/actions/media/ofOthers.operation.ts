import type { AbsentReason, MediaFields, OthersMediaQuery } from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import { accountParameter } from '../../../panel/account';
import { fieldsOptions, optionsParameter, readFields } from '../../../panel/options';
import { mediaRow, scalar } from '../../../rows/mediaRows';
import { readLimit, resultCountParameters } from '../../descriptions/listParameters';
import { outputParameters } from '../../descriptions/output';
import type { Item } from '../item';
import type { Operation } from '../operation';

type Edge = OthersMediaQuery['edge'];
/** The counts, and the reason to give for each if Meta leaves it out. */
type Counts = Readonly<Record<string, AbsentReason>>;

const TAGGED: Counts = { like_count: 'withheld', comments_count: 'no-data' };
const COUNTS: Readonly<Record<Edge, Counts>> = {
	tags: TAGGED,
	collaborative_media: {
		...TAGGED,
		saved_count: 'withheld',
		shares_count: 'withheld',
		reposts_count: 'withheld',
		total_like_count: 'withheld',
		total_comments_count: 'withheld',
		total_views_count: 'withheld',
	},
};

/** Posts by others that tag the account. */
export const getTagged: Operation = {
	value: 'getTagged',
	name: 'Get Tagged',
	action: 'Get tagged media',
	description:
		"Retrieve posts and reels by others that tag the account, newest first, with who posted them, caption, link, likes and comments. Insights are not included: only the owner has them. Facebook Login needs the permission instagram_manage_comments. Meta's documentation does not say clearly whether Instagram Login works.",
	builderHint: "Use for posts of others that tag the account. For the account's own posts, use getMany.",
	fields: fieldsOf(),
	run: (item) => rowsOf(item, 'tags'),
	columns: (item) => Object.keys(rowOf({ id: '' }, item, 'tags')),
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
	run: (item) => rowsOf(item, 'collaborative_media'),
	columns: (item) => Object.keys(rowOf({ id: '' }, item, 'collaborative_media')),
	inPanel: (problem) => (problem.field === 'edge' ? { ...problem, field: 'authentication' } : problem),
};

function fieldsOf() {
	return [accountParameter, ...resultCountParameters, ...outputParameters, optionsParameter(fieldsOptions('media'))];
}

async function* rowsOf(item: Item, edge: Edge): AsyncGenerator<IDataObject> {
	const client = await item.client();
	const fields = readFields(item.options.fields);
	let count = 0;
	for await (const { items } of client.othersMedia({ edge, fields, limit: readLimit(item) }, { signal: item.signal })) {
		count += items.length;
		for (const { media } of items) {
			yield item.simplify ? rowOf(media, item, edge) : ({ ...media } as IDataObject);
		}
	}
	if (count === 0) item.hint('note', NOTHING[edge](item));
}

function rowOf(media: MediaFields, item: Item, edge: Edge): IDataObject {
	const fields = readFields(item.options.fields);
	if (fields === undefined) return othersRow(media, COUNTS[edge], edge === 'tags', item);
	return mediaRow(media, { values: {}, gaps: [] }, { fields, timeZone: item.timeZone });
}

const NOTHING: Readonly<Record<Edge, (item: Item) => string>> = {
	tags: ({ host }) =>
		host === 'graph.facebook.com'
			? 'Nobody else has tagged the account, or only private accounts have.'
			: "Meta gave no post in which the account is tagged. Meta's pages contradict each other on whether Instagram Login may read tags: if there are some, use Facebook Login.",
	collaborative_media: () => 'The account is not a collaborator of any post of others. Its own posts are in Get Many.',
};

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
