import { type AbsentReason, type MediaFields, publishedAt } from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import { type Columns, withReasons } from './columns';

/** What a row of a medium shows besides its numbers. */
export type MediaShape = {
	/** Fields chosen instead of the usual ones, under Graph's names. */
	readonly fields?: readonly string[] | undefined;
	/** Of the workflow; weekday and hour are those there. */
	readonly timeZone: string;
};

/** Fields that a row has under a name of its own, and the one that stands before the numbers. */
const PLACED: readonly string[] = ['id', 'timestamp', 'username', 'caption'];

/** Fields that say the same as a metric: they give way to it. */
const SAME_AS_METRIC: Readonly<Record<string, string>> = { like_count: 'likes', comments_count: 'comments' };

/** What a row shows where no fields are chosen. */
export const USUAL_FIELDS: readonly string[] = [
	'caption',
	'like_count',
	'comments_count',
	'hashtags',
	'permalink',
	'image_url',
];

/** One medium as a row: when and what, its numbers, what else was asked of it, its id. */
export function mediaRow(media: MediaFields, { values, gaps }: Columns, { fields, timeZone }: MediaShape): IDataObject {
	const wanted = fields ?? USUAL_FIELDS;
	const behind = wanted.filter((name) => !PLACED.includes(name) && !((SAME_AS_METRIC[name] ?? '') in values));
	const shown = Object.fromEntries(behind.map((name) => [name, fieldOf(media, name)]));
	const missing = behind.filter((name) => isLeftOut(media, name) && !gaps.some(({ column }) => column === name));
	return withReasons(
		{
			...placedFields(media, timeZone),
			...(wanted.includes('caption') ? { caption: scalar(media.caption) } : {}),
			...values,
			...shown,
			id: media.id,
		},
		[...gaps, ...missing.map((column) => ({ column, reason: FIELD_REASONS[column] ?? ('no-data' as const) }))],
	);
}

/** Whether Meta was asked for the field, and gave nothing. Stories have no counts to give. */
function isLeftOut(media: MediaFields, name: string): boolean {
	if (media.media_product_type === 'STORY' && name in SAME_AS_METRIC) return false;
	const sources = sourcesOfField(name);
	return name !== 'hashtags' && sources.length > 0 && sources.every((source) => media[source] === null);
}

/** Why Meta leaves a field out. A caption is never missing: a post without text has none. */
const FIELD_REASONS: Readonly<Record<string, AbsentReason>> = {
	image_url: 'withheld',
	like_count: 'withheld',
	media_url: 'withheld',
	permalink: 'album-child',
	thumbnail_url: 'unsupported',
};

/** What stands first in the row of a medium: when it was published, and what it is. */
export function placedFields(media: MediaFields, timeZone: string): Record<string, string | number | null> {
	return { ...publishedIn(media, timeZone), format: formatOf(media) };
}

/** `published` in ISO 8601 with Z; weekday from Monday 1 to Sunday 7; hour from 0 to 23. */
function publishedIn(media: MediaFields, timeZone: string) {
	const at = publishedAt(media);
	if (at === undefined) return { published: null, weekday: null, hour: null };
	const instant = new Date(at);
	const parts = new Map(
		clockIn(timeZone)
			.formatToParts(instant)
			.map(({ type, value }) => [type, value]),
	);
	const weekday = WEEKDAYS.indexOf(parts.get('weekday') ?? '') + 1;
	return { published: instant.toISOString(), weekday, hour: Number(parts.get('hour')) };
}

const WEEKDAYS: readonly string[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than using it a thousand times. */
function clockIn(timeZone: string): Intl.DateTimeFormat {
	const known = clocks.get(timeZone);
	if (known !== undefined) return known;
	const clock = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' });
	clocks.set(timeZone, clock);
	return clock;
}

const FORMATS: Readonly<Record<string, string>> = {
	REELS: 'Reel',
	STORY: 'Story',
	CAROUSEL_ALBUM: 'Carousel',
	IMAGE: 'Photo',
	VIDEO: 'Video',
};

/** What people call it: Reel, Story, Carousel, Photo or Video; null for a kind Meta adds later. */
export function formatOf({ media_product_type: product, media_type: type }: MediaFields): string | null {
	return FORMATS[String(product)] ?? FORMATS[String(type)] ?? null;
}

/** A field of a row: Graph's own, or one that is read out of others. */
export function fieldOf(media: MediaFields, name: string): string | number | boolean | null {
	if (name === 'hashtags') return hashtagsOf(media.caption);
	if (name === 'image_url') return imageOf(media);
	return scalar(media[name]);
}

/** Graph's fields that a field of a row is read from. */
export function sourcesOfField(name: string): readonly string[] {
	if (name === 'hashtags') return ['caption'];
	if (name === 'image_url') return ['media_url', 'thumbnail_url'];
	return ['published', 'weekday', 'hour', 'format'].includes(name) ? [] : [name];
}

/** Hashtags of a caption, each once, with blanks between; links and HTML entities hold none. */
function hashtagsOf(caption: unknown): string {
	const found = String(caption ?? '').match(/(?<![\p{L}\p{N}_&/#＃])[#＃][\p{L}\p{M}\p{N}_]+/gu);
	return [...new Set(found)].join(' ');
}

/** A picture to show: of a video its cover. */
function imageOf({ media_type: type, media_url: url, thumbnail_url: cover }: MediaFields) {
	return scalar(type === 'VIDEO' ? (cover ?? url) : (url ?? cover));
}

/** A field as a plain value: of an object that only names something its id, of all others their JSON. */
export function scalar(value: unknown): string | number | boolean | null {
	if (value === undefined || value === null) return null;
	if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
	const entries = Object.entries(value);
	const [only] = entries;
	return entries.length === 1 && only?.[0] === 'id' ? scalar(only[1]) : JSON.stringify(value);
}
