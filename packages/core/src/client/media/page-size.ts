/**
 * How many media a page of one question may hold. Graph finds some pages too heavy: then half is asked for. Since one
 * heavy medium may have been the cause, a larger page is tried again after some good ones, later each time it fails.
 */
export type PageSize = {
	cap: number;
	/** Good pages of the largest size in a row. */
	good: number;
	/** So many of them before a larger page is tried. */
	goodNeeded: number;
	/** The size was raised and has not yet been read. */
	raised: boolean;
};

/** The size of the pages of a question among those the client remembers; without limit the first time. */
export function pageSizeOf(question: readonly (string | readonly string[])[], sizes: Map<string, PageSize>): PageSize {
	const key = JSON.stringify(question);
	const known = sizes.get(key);
	if (known) return known;
	const size = { cap: Number.POSITIVE_INFINITY, good: 0, goodNeeded: 3, raised: false };
	sizes.set(key, size);
	return size;
}

/** @param most the largest page known to be light enough, or half of the one that was not */
export function shrinkPages(size: PageSize, most: number): void {
	if (size.raised) size.goodNeeded *= 2;
	size.cap = Math.max(1, Math.floor(most));
	size.good = 0;
	size.raised = false;
}

/** A page of so many media was read. */
export function countPage(size: PageSize, limit: number): void {
	if (limit < size.cap) return;
	size.raised = false;
	size.good += 1;
	if (size.good < size.goodNeeded) return;
	size.cap *= 2;
	size.good = 0;
	size.raised = true;
}
