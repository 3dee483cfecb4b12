import { type InsightsClient, InsightsError, noAccountReached } from '@instagram-insights/core/internal';
import {
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
	NodeApiError,
} from 'n8n-workflow';
import { AUTHENTICATIONS, type Authentication, isAuthentication } from '../graph/authentication';
import { openClient } from '../graph/openClient';
import { toTriggerError } from '../graph/toNodeError';
import { ALL_ACCOUNTS, ONE_ACCOUNT_ONLY, OWN_ACCOUNT, OWN_ACCOUNT_NAME, readAccountId, readLocator } from './account';
import { readCallOptions } from './options';
import { wrongSetting } from './wrongSetting';

type Search = (this: ILoadOptionsFunctions, filter?: string) => Promise<INodeListSearchResult>;

/**
 * A list in the panel. An error takes the place of the list, with its cause and way out; an empty list is an error, too. A
 * search without a match is not: n8n then says "No results" and keeps the search box.
 *
 * @param find the entries; `wanted` is the search text in lower case
 */
function listOf(
	find: (context: ILoadOptionsFunctions, wanted: string) => Promise<INodeListSearchItems[]>,
	whenEmpty?: { readonly message: string; readonly advice: string },
): Search {
	return async function (filter) {
		const wanted = (filter ?? '').trim().toLowerCase();
		try {
			const results = await find(this, wanted);
			if (whenEmpty === undefined || results.length > 0 || wanted !== '') return { results };
			throw new InsightsError('not-found', whenEmpty.message, { advice: whenEmpty.advice });
		} catch (error) {
			const shown = toTriggerError(this.getNode(), error);
			if (shown instanceof NodeApiError) throw shown;
			// Of every other error, n8n's editor gets the message alone.
			const { message, description } = shown;
			throw new NodeApiError(this.getNode(), {}, { message, description: description ?? '' });
		}
	};
}

const OWN = listItem(OWN_ACCOUNT_NAME, OWN_ACCOUNT);
const ALL = listItem('All accounts', ALL_ACCOUNTS);

/** The two fixed choices, then the accounts that the token reaches, by username. */
export const searchAccounts = listOf((context, wanted) => findAccounts(context, [OWN, ALL], wanted));

/** The same without the choice of all accounts, for triggers. */
export const searchOneAccount = listOf((context, wanted) => findAccounts(context, [OWN], wanted));

async function findAccounts(context: ILoadOptionsFunctions, choices: readonly INodeListSearchItems[], wanted: string) {
	const authentication = chosenAuthentication(context);
	const client = await panelClient(context, { authentication });
	const accounts = await client.accounts();
	// The two fixed choices would fail, too.
	if (accounts.length === 0) throw noAccountReached(AUTHENTICATIONS[authentication].host);
	const found = accounts.map(({ id, username, name }) => {
		if (username === undefined) return listItem(name ?? id, id);
		const title = name === undefined ? `@${username}` : `@${username} (${name})`;
		return listItem(title, id, `https://www.instagram.com/${username}/`);
	});
	return [...choices, ...found].filter(({ name }) => name.toLowerCase().includes(wanted));
}

function listItem(name: string, value: string, url?: string): INodeListSearchItems {
	return url === undefined ? { name, value } : { name, value, url };
}

/** How many posts a search covers. */
const SEARCHED = 500;
/** How many posts the list shows: one page of the media edge. */
const LISTED = 100;
const FIELDS = ['id', 'caption', 'media_product_type', 'permalink', 'timestamp'];

/** The newest posts and reels, or those of the newest 500 whose caption or link contains the text. */
export const searchMedia = listOf(
	async (context, wanted) => {
		const client = await clientOfOne(context);
		const results: INodeListSearchItems[] = [];
		for await (const { items } of client.media({ fields: FIELDS, limit: wanted === '' ? LISTED : SEARCHED })) {
			for (const { media } of items) {
				const found = toListItem(media);
				if (`${found.name} ${found.url ?? ''}`.toLowerCase().includes(wanted)) results.push(found);
			}
			if (results.length >= LISTED) break;
		}
		return results.slice(0, LISTED);
	},
	{
		message: 'The account has no posts or reels yet',
		advice: 'Choose another account above. Stories have operations of their own, under the resource Story.',
	},
);

/** A list entry such as "2026-11-20 Reel: How we bake bread". Stories have no text and show their time. */
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
export const searchStories = listOf(
	async (context, wanted) => {
		const client = await clientOfOne(context);
		const results: INodeListSearchItems[] = [];
		for await (const { items } of client.stories({ fields: FIELDS })) {
			results.push(...items.map(({ media }) => toListItem(media)));
		}
		return results.filter(({ name }) => name.toLowerCase().includes(wanted));
	},
	{
		message: 'The account has no live stories right now',
		advice:
			'Stories can be read for 24 hours. To read the stories live at each run, use Story: Get Many, which needs no ID.',
	},
);

/** The client for the account chosen above the list. */
async function clientOfOne(context: ILoadOptionsFunctions): Promise<InsightsClient> {
	const account = context.getCurrentNodeParameter('account') ?? OWN_ACCOUNT;
	const { value } = readLocator(account, 'account');
	if (isExpression(value)) throw noListFor('account');
	if (value === ALL_ACCOUNTS) throw wrongSetting('account', undefined, ONE_ACCOUNT_ONLY);
	return await panelClient(context, {
		authentication: chosenAuthentication(context),
		accountId: readAccountId(account),
	});
}

function chosenAuthentication(context: ILoadOptionsFunctions): Authentication {
	const chosen = context.getCurrentNodeParameter('authentication');
	if (isAuthentication(chosen)) return chosen;
	if (isExpression(chosen)) throw noListFor('authentication');
	throw wrongSetting('authentication', chosen, 'Choose how you sign in, then a credential.');
}

/** The value of an expression is known when the workflow runs, not while its panel is open. */
function isExpression(value: unknown): boolean {
	return typeof value === 'string' && value.startsWith('=');
}

function noListFor(field: string): InsightsError {
	const message =
		'Its value is an expression, so there is no list before the workflow runs. Choose a fixed value, or enter the ID instead of choosing from the list.';
	return wrongSetting(field, undefined, message);
}

/** A client for the current choices in the panel. */
async function panelClient(
	context: ILoadOptionsFunctions,
	chosen: { readonly authentication: Authentication; readonly accountId?: string | undefined },
): Promise<InsightsClient> {
	const options = Object.entries(Object(context.getCurrentNodeParameter('options') ?? {}));
	const call = readCallOptions(Object.fromEntries(options.filter(([, value]) => !isExpression(value))));
	return await openClient(context, { ...chosen, call });
}
