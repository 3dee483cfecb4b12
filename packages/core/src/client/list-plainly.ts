import { isInsightsError } from '../insights-error.ts';
import type { ClientContext } from './client-context.ts';
import type { ListedPart, ListPart } from './list-media.ts';

type Lister = {
	readonly list: (part: Pick<ListPart, 'metrics' | 'limit' | 'after'>) => Promise<ListedPart>;
	readonly context: Pick<ClientContext, 'memory'>;
};

/**
 * A listing without insights, halved for as long as Graph finds it too heavy; later ones ask for no more than that. A
 * single medium that is too heavy cannot be listed at all.
 *
 * @param limit how many media are wanted; fewer may come
 * @throws {InsightsError} whatever else the listing is refused for
 */
export async function listPlainly(
	{ list, context: { memory } }: Lister,
	{ limit, after }: Pick<ListPart, 'limit' | 'after'>,
): Promise<ListedPart> {
	for (;;) {
		const asked = Math.min(limit, memory.plainCap);
		try {
			return await list({ metrics: [], limit: asked, after });
		} catch (error) {
			if (!isInsightsError(error) || error.kind !== 'too-much-data' || asked <= 1) throw error;
			memory.plainCap = Math.min(memory.plainCap, Math.floor(asked / 2));
		}
	}
}
