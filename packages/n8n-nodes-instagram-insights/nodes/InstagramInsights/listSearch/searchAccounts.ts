import type { ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';
import { OWN_ACCOUNT, OWN_ACCOUNT_NAME } from '../descriptions/account';
import { panelClient } from './panelClient';

const OWN = listItem(OWN_ACCOUNT_NAME, OWN_ACCOUNT);

/** The accounts the token reaches, by user name, below the choice that needs no list. */
export async function searchAccounts(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const { client } = await panelClient(this, { withAccount: false });
	const accounts = await client.accounts();
	const found = accounts.map(({ id, username, name }) => {
		if (username === undefined) return listItem(name ?? id, id);
		const title = name === undefined ? `@${username}` : `@${username} (${name})`;
		return listItem(title, id, `https://www.instagram.com/${username}/`);
	});
	const wanted = (filter ?? '').toLowerCase();
	return { results: [OWN, ...found].filter(({ name }) => name.toLowerCase().includes(wanted)) };
}

function listItem(name: string, value: string, url?: string): INodeListSearchItems {
	return url === undefined ? { name, value } : { name, value, url };
}
