import { type Host, type InsightsClient, noAccountReached } from '@instagram-insights/core/internal';
import {
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
	NodeOperationError,
} from 'n8n-workflow';
import { AUTHENTICATIONS, isAuthentication } from '../graph/authentication';
import { openClient } from '../graph/openClient';
import { toNodeError } from '../graph/toNodeError';
import { ALL_ACCOUNTS, OWN_ACCOUNT, OWN_ACCOUNT_NAME, readAccountId } from './account';
import { readCallOptions } from './options';

const OWN = listItem(OWN_ACCOUNT_NAME, OWN_ACCOUNT);
const ALL = listItem('All accounts', ALL_ACCOUNTS);

type Search = (context: ILoadOptionsFunctions, wanted: string) => Promise<INodeListSearchItems[]>;

/** A list of the panel. If it fails, n8n shows the message alone: the cause and what to do must be in it. */
function listSearch(search: Search) {
	return async function (this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
		try {
			return { results: await search(this, filter.trim().toLowerCase()) };
		} catch (error) {
			throw toNodeError(this.getNode(), error, 0);
		}
	};
}

async function listAccounts(context: ILoadOptionsFunctions): Promise<INodeListSearchItems[]> {
	const { client, host } = await panelClient(context, { withAccount: false });
	const accounts = await client.accounts();
	if (accounts.length === 0) {
		// The list would hold only choices that then fail.
		const { message, advice } = noAccountReached(host);
		throw new NodeOperationError(context.getNode(), `${message}. ${advice}`);
	}
	return accounts.map(({ id, username, name }) => {
		if (username === undefined) return listItem(name ?? id, id);
		const title = name === undefined ? `@${username}` : `@${username} (${name})`;
		return listItem(title, id, `https://www.instagram.com/${username}/`);
	});
}

const named = (wanted: string) => (item: INodeListSearchItems) => item.name.toLowerCase().includes(wanted);

/** The accounts the token reaches, by user name, below the two choices that need no list. */
export const searchAccounts = listSearch(async (context, wanted) =>
	[OWN, ALL, ...(await listAccounts(context))].filter(named(wanted)),
);

/** The same without the choice of all accounts, for triggers. */
export const searchOneAccount = listSearch(async (context, wanted) =>
	[OWN, ...(await listAccounts(context))].filter(named(wanted)),
);

function listItem(name: string, value: string, url?: string): INodeListSearchItems {
	return url === undefined ? { name, value } : { name, value, url };
}

/** As many posts as are looked through for a search text. */
const SEARCHED = 500;
/** As many as are listed; one page of the media edge. */
const LISTED = 100;
const FIELDS = ['id', 'caption', 'media_product_type', 'permalink', 'timestamp'];

/** The newest posts and reels, or those of the newest 500 whose caption or link holds the text. */
export const searchMedia = listSearch(async (context, wanted) => {
	const { client } = await panelClient(context, { withAccount: true });
	const results: INodeListSearchItems[] = [];
	for await (const { items } of client.media({ fields: FIELDS, limit: wanted === '' ? LISTED : SEARCHED })) {
		for (const { media } of items) {
			const found = toListItem(media);
			if (`${found.name} ${found.url ?? ''}`.toLowerCase().includes(wanted)) results.push(found);
		}
		if (results.length >= LISTED) break;
	}
	return results.slice(0, LISTED);
});

/** A list line such as "2026-11-20 Reel: How we bake bread"; stories, which have no text, show their time. */
export function toListItem(media: Readonly<Record<string, unknown>>): INodeListSearchItems {
	const { id, caption, media_product_type: product, permalink, timestamp } = media;
	const isStory = product === 'STORY';
	const instant = typeof timestamp === 'string' ? timestamp : '';
	const when =
		isStory && instant !== '' ? `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC` : instant.slice(0, 10);
	const kind = product === 'REELS' ? 'Reel' : isStory ? 'Story' : 'Post';
	const text = typeof caption === 'string' ? caption.replace(/\s+/g, ' ').trim() : '';
	const label = [when, kind].filter((part) => part !== '').join(' ');
	const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
	return {
		name: short === '' ? label : `${label}: ${short}`,
		value: String(id),
		...(typeof permalink === 'string' ? { url: permalink } : {}),
	};
}

/** The live stories of the account, newest first. */
export const searchStories = listSearch(async (context, wanted) => {
	const { client } = await panelClient(context, { withAccount: true });
	const results: INodeListSearchItems[] = [];
	for await (const { items } of client.stories({ fields: FIELDS })) {
		results.push(...items.map(({ media }) => toListItem(media)));
	}
	return results.filter(named(wanted));
});

/** A client for the choices made in the panel so far. */
export async function panelClient(
	context: ILoadOptionsFunctions,
	{ withAccount }: { withAccount: boolean },
): Promise<{ readonly client: InsightsClient; readonly host: Host }> {
	const authentication = context.getCurrentNodeParameter('authentication');
	if (!isAuthentication(authentication)) {
		throw new NodeOperationError(context.getNode(), 'Choose a credential first');
	}
	const accountId = withAccount ? readAccountId(context.getCurrentNodeParameter('account') ?? OWN_ACCOUNT) : undefined;
	const options = context.getCurrentNodeParameter('options');
	const call = readCallOptions(typeof options === 'object' && options !== null ? { ...options } : {});
	const client = await openClient(context, { authentication, accountId, call });
	return { client, host: AUTHENTICATIONS[authentication].host };
}
