import type { Item } from '../item';
import type { Row } from '../operation';
import { insightsOfMany } from './insightsOfMany';

/**
 * The rows of one medium.
 *
 * @throws {InsightsError} the medium cannot be read
 */
export async function* insightsOfOne(item: Item): AsyncGenerator<Row> {
	for await (const outcome of insightsOfMany([item])) {
		if ('error' in outcome) throw outcome.error;
		yield outcome.row;
	}
}
