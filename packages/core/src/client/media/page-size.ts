/**
 * How many media a page of one question may hold. Graph finds some pages too heavy: then half is asked for. Since one
 * heavy medium may have been to blame, a larger page is tried again after some that went well, and later and later when
 * that was in vain.
 */
export type PageSize = {
	cap: number;
	/** Pages of the largest size in a row that went well. */
	streak: number;
	/** So many of them before a larger page is tried. */
	patience: number;
	/** The size was raised and has not yet been read. */
	raised: boolean;
};

const FIRST_PATIENCE = 3;

/** The size of the pages of a question among those the client remembers; one that was never asked has no limit. */
export function pageSizeOf(question: readonly (string | readonly string[])[], sizes: Map<string, PageSize>): PageSize {
	const key = JSON.stringify(question);
	const known = sizes.get(key);
	if (known) return known;
	const size = { cap: Number.POSITIVE_INFINITY, streak: 0, patience: FIRST_PATIENCE, raised: false };
	sizes.set(key, size);
	return size;
}

/** @param most the largest page that is known to go well, or half of the one that did not */
export function shrinkPages(size: PageSize, most: number): void {
	if (size.raised) size.patience *= 2;
	size.cap = Math.max(1, Math.floor(most));
	size.streak = 0;
	size.raised = false;
}

/** A page of so many media went well. */
export function countPage(size: PageSize, limit: number): void {
	if (limit < size.cap) return;
	size.raised = false;
	size.streak += 1;
	if (size.streak < size.patience) return;
	size.cap *= 2;
	size.streak = 0;
	size.raised = true;
}
