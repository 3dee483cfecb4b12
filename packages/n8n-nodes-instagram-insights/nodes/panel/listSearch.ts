import { type Host, type InsightsClient, noAccountReached } from '@instagram-insights/core/internal';
import {
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
	NodeOperationError,
} from 'n8n-workflow';
import { AUTHENTICATIONS, isAuthentication } from '../graph/authentication';
import { openClient } from '../graph/openClient';
import { ALL_ACCOUNTS, OWN_ACCOUNT, OWN_ACCOUNT_NAME, readAccountId } from './account';
import { readCallOptions } from './options';

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

/** The same without the choice of all accounts, for triggers. */
export async function searchOneAccount(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const { results } = await searchAccounts.call(this, filter);
	return { results: results.filter(({ value }) => value !== ALL_ACCOUNTS) };
}

function listItem(name: string, value: string, url?: string): INodeListSearchItems {
	return url === undefined ? { name, value } : { name, value, url };
}

/** As many posts as are looked through for a search text. */
const SEARCHED = 500;
/** As many as are listed; one page of the media edge. */
const LISTED = 100;
const FIELDS = ['id', 'caption', 'media_product_type', 'permalink', 'timestamp'];

/** The newest posts and reels, or those of the newest 500 whose caption or link holds the text. */
export async function searchMedia(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const wanted = (filter ?? '').trim().toLowerCase();
	const { client } = await panelClient(this, { withAccount: true });
	const results: INodeListSearchItems[] = [];
	for await (const { items } of client.media({ fields: FIELDS, limit: wanted === '' ? LISTED : SEARCHED })) {
		for (const { media } of items) {
			const found = toListItem(media);
			if (`${found.name} ${found.url ?? ''}`.toLowerCase().includes(wanted)) results.push(found);
		}
		if (results.length >= LISTED) break;
	}
	return { results: results.slice(0, LISTED) };
}

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
