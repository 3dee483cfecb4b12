import { isInsightsError } from '../../insights-error.ts';
import type { ListedPart, ListPart } from './list-media.ts';
import { countPage, type PageSize, shrinkPages } from './page-size.ts';

type Lister = {
	readonly list: (part: Pick<ListPart, 'metrics' | 'limit' | 'after'>) => Promise<ListedPart>;
	readonly plainSize: PageSize;
};

/**
 * A listing without insights, halved for as long as Graph finds it too heavy; later ones ask for no more than that. A
 * single medium that is too heavy cannot be listed at all.
 *
 * @param limit how many media are wanted; fewer may come
 * @throws {InsightsError} whatever else the listing is refused for
 */
export async function listPlainly(
	{ list, plainSize }: Lister,
	{ limit, after }: Pick<ListPart, 'limit' | 'after'>,
): Promise<ListedPart> {
	for (;;) {
		const asked = Math.min(limit, plainSize.cap);
		try {
			const listed = await list({ metrics: [], limit: asked, after });
			countPage(plainSize, asked);
			return listed;
		} catch (error) {
			if (!isInsightsError(error) || error.kind !== 'too-much-data' || asked <= 1) throw error;
			shrinkPages(plainSize, asked / 2);
		}
	}
}
