import type { ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';
import { panelClient } from './panelClient';
import { toListItem } from './searchMedia';

/** The live stories of the account, newest first. */
export async function searchStories(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const wanted = (filter ?? '').trim().toLowerCase();
	const { client } = await panelClient(this, { withAccount: true });
	const results: INodeListSearchItems[] = [];
	const fields = ['id', 'caption', 'media_product_type', 'permalink', 'timestamp'];
	for await (const { items } of client.stories({ fields })) {
		results.push(...items.map(({ media }) => toListItem(media)));
	}
	return { results: results.filter(({ name }) => name.toLowerCase().includes(wanted)) };
}
