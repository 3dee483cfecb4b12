import {
	type ILoadOptionsFunctions,
	type INode,
	type INodeListSearchItems,
	type INodeListSearchResult,
	NodeOperationError,
} from 'n8n-workflow';
import { ALL_ACCOUNTS, OWN_ACCOUNT, OWN_ACCOUNT_NAME } from '../descriptions/account';
import { panelClient } from './panelClient';

const OWN = listItem(OWN_ACCOUNT_NAME, OWN_ACCOUNT);
const ALL = listItem('All accounts', ALL_ACCOUNTS);

/** The accounts the token reaches, by user name, below the two choices that need no list. */
export async function searchAccounts(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const { client } = await panelClient(this, { withAccount: false });
	const accounts = await client.accounts();
	if (accounts.length === 0) throw noAccounts(this.getNode());
	const found = accounts.map(({ id, username, name }) => {
		if (username === undefined) return listItem(name ?? id, id);
		const title = name === undefined ? `@${username}` : `@${username} (${name})`;
		return listItem(title, id, `https://www.instagram.com/${username}/`);
	});
	const wanted = (filter ?? '').toLowerCase();
	return { results: [OWN, ALL, ...found].filter(({ name }) => name.toLowerCase().includes(wanted)) };
}

/** The list would hold only the choice that then fails, without a word of why. */
function noAccounts(node: INode): NodeOperationError {
	return new NodeOperationError(node, 'The token reaches no Instagram professional account', {
		description: `Link the account to a Facebook Page and give the person who connected a role on it. Connect again, tick the Page, and grant pages_show_list and, where a business portfolio owns the Page, business_management.`,
	});
}

function listItem(name: string, value: string, url?: string): INodeListSearchItems {
	return url === undefined ? { name, value } : { name, value, url };
}
