/** What a list of media shows when the caller names no fields. Every one works on both hosts. */
const DEFAULT_FIELDS: readonly string[] = [
	'id',
	'media_type',
	'media_product_type',
	'timestamp',
	'permalink',
	'caption',
	'like_count',
	'comments_count',
	'media_url',
	'thumbnail_url',
];

/** What the client itself needs: which kind of media it is, and when it was published. */
const NEEDED_FIELDS: readonly string[] = ['id', 'media_type', 'media_product_type', 'timestamp'];

/** The fields to ask for, without duplicates. */
export function mediaFields(fields: readonly string[] | undefined): string[] {
	return [...new Set([...NEEDED_FIELDS, ...(fields ?? DEFAULT_FIELDS)])];
}
