/** `desc`: highest, latest or last in the alphabet first. */
export type SortDirection = 'asc' | 'desc';

/** What items are ranked by. Null, undefined, an empty text and NaN are missing. */
export type RankValue = number | string | boolean | null | undefined;

/**
 * Sort items by a value. Missing values come last in both directions, equal ones keep their order, and
 * texts sort alphabetically.
 */
export function rankBy<T>(
	items: readonly T[],
	rankValue: (item: T) => RankValue,
	direction: SortDirection,
): readonly T[] {
	const sign = direction === 'asc' ? 1 : -1;
	const valued = items.map((item) => ({ item, value: plain(rankValue(item)) }));
	const present = valued.flatMap(({ item, value }) => (value === null ? [] : [{ item, value }]));
	const missing = valued.filter(({ value }) => value === null);
	const ranked = present.toSorted((a, b) => sign * compare(a.value, b.value));
	return [...ranked, ...missing].map(({ item }) => item);
}

function plain(value: RankValue): number | string | null {
	if (value === undefined || value === null || value === '' || Number.isNaN(value)) return null;
	return typeof value === 'boolean' ? Number(value) : value;
}

function compare(a: number | string, b: number | string): number {
	if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a < b ? -1 : 1;
	if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b, 'en');
	return typeof a === 'number' ? -1 : 1;
}
