import { type AbsentReason, type MediaFields, memberOf, publishedAt } from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import { type Columns, withReasons } from './columns';

/** What a row of a post or story shows besides its numbers. */
export type MediaShape = {
	/** Fields chosen instead of the default ones, under Graph's names. */
	readonly fields?: readonly string[] | undefined;
	/** The workflow's time zone, for weekday and hour. */
	readonly timeZone: string;
};

/** Fields with a place of their own in the row. */
const PLACED: readonly string[] = ['id', 'timestamp', 'username', 'caption'];

/** Fields with the same value as a metric: left out if the row has the metric. */
const SAME_AS_METRIC: Readonly<Record<string, string>> = { like_count: 'likes', comments_count: 'comments' };

/** The default fields. */
export const USUAL_FIELDS: readonly string[] = [
	'caption',
	'like_count',
	'comments_count',
	'hashtags',
	'permalink',
	'image_url',
];

/** A post or story as a row: time and format, its numbers, other fields, its ID. */
export function mediaRow(media: MediaFields, { values, gaps }: Columns, { fields, timeZone }: MediaShape): IDataObject {
	const wanted = fields?.map(memberOf) ?? USUAL_FIELDS;
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

/** Whether Meta was asked for the field and returned nothing. Stories have no counts. */
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

/** The first columns of a row: publishing time and format. */
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

/** Cached, because creating a formatter takes longer than using it a thousand times. */
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

/** Reel, Story, Carousel, Photo or Video; null for a kind that Meta adds later. */
export function formatOf({ media_product_type: product, media_type: type }: MediaFields): string | null {
	return FORMATS[String(product)] ?? FORMATS[String(type)] ?? null;
}

/** The value of a field: Graph's own, or one derived from others. */
export function fieldOf(media: MediaFields, name: string): string | number | boolean | null {
	if (name === 'hashtags') return hashtagsOf(media.caption);
	if (name === 'image_url') return imageOf(media);
	return scalar(media[name]);
}

/** The fields of Graph that a field is derived from. */
export function sourcesOfField(name: string): readonly string[] {
	if (name === 'hashtags') return ['caption'];
	if (name === 'image_url') return ['media_url', 'thumbnail_url'];
	return ['published', 'weekday', 'hour', 'format'].includes(name) ? [] : [name];
}

/** The hashtags of a caption, each once, separated by spaces. A # in a link or an HTML entity is not a hashtag. */
function hashtagsOf(caption: unknown): string {
	const found = String(caption ?? '').match(/(?<![\p{L}\p{N}_&/#＃])[#＃][\p{L}\p{M}\p{N}_]+/gu);
	return [...new Set(found)].join(' ');
}

/** The picture to show; for a video, its cover. */
function imageOf({ media_type: type, media_url: url, thumbnail_url: cover }: MediaFields) {
	return scalar(type === 'VIDEO' ? (cover ?? url) : (url ?? cover));
}

/** A field as a plain value: the ID of an object that has nothing else, and JSON of any other object. */
export function scalar(value: unknown): string | number | boolean | null {
	if (value === undefined || value === null) return null;
	if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
	const entries = Object.entries(value);
	const [only] = entries;
	return entries.length === 1 && only?.[0] === 'id' ? scalar(only[1]) : JSON.stringify(value);
}
