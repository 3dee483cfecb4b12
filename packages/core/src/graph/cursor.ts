import { z } from 'zod/v4';

/** The only part of `paging` that is ever used. `next` is looked at for being there; it holds the token. */
export const Paging = z
	.object({
		cursors: z.object({ after: z.string().nullish() }).nullish(),
		next: z.string().nullish(),
	})
	.nullish();
export type Paging = z.infer<typeof Paging>;

/**
 * The `after` of the next page, or null at the end. A list ends when `paging.next` is missing (the last page still
 * carries cursors), when there is no cursor, or when a cursor comes a second time, which would go round forever.
 *
 * Not for account insights: their paging is by time and never ends.
 *
 * @param seen every cursor already followed
 */
export function nextCursor(paging: Paging, seen: ReadonlySet<string>): string | null {
	const after = paging?.cursors?.after;
	if (!paging?.next || !after || seen.has(after)) return null;
	return after;
}
