import { noAccountReached } from '@instagram-insights/core/internal';
import {
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
	NodeOperationError,
} from 'n8n-workflow';
import { ALL_ACCOUNTS, OWN_ACCOUNT, OWN_ACCOUNT_NAME } from './account';
import { panelClient } from './panelClient';

const OWN = listItem(OWN_ACCOUNT_NAME, OWN_ACCOUNT);
const ALL = listItem('All accounts', ALL_ACCOUNTS);

/** The accounts the token reaches, by user name, below the two choices that need no list. */
export async function searchAccounts(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const { client, host } = await panelClient(this, { withAccount: false });
	const accounts = await client.accounts();
	if (accounts.length === 0) {
		// The list would hold only choices that then fail.
		const { message, advice } = noAccountReached(host);
		throw new NodeOperationError(this.getNode(), message, { description: advice });
	}
	const found = accounts.map(({ id, username, name }) => {
		if (username === undefined) return listItem(name ?? id, id);
		const title = name === undefined ? `@${username}` : `@${username} (${name})`;
		return listItem(title, id, `https://www.instagram.com/${username}/`);
	});
	const wanted = (filter ?? '').toLowerCase();
	return { results: [OWN, ALL, ...found].filter(({ name }) => name.toLowerCase().includes(wanted)) };
}

function listItem(name: string, value: string, url?: string): INodeListSearchItems {
	return url === undefined ? { name, value } : { name, value, url };
}
