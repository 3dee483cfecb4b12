import type { IDataObject } from 'n8n-workflow';
import type { Item } from '../item';
import { insightsOfMany } from './insightsOfMany';

/**
 * The rows of one medium.
 *
 * @throws {InsightsError} the medium cannot be read
 */
export async function* insightsOfOne(item: Item): AsyncGenerator<IDataObject> {
	for await (const outcome of insightsOfMany([item])) {
		if ('error' in outcome) throw outcome.error;
		yield outcome.row;
	}
}
