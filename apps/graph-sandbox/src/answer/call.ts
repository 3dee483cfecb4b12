import type { AccountTruth } from '../world/account-truth.ts';
import type { HostName } from '../world/host.ts';
import { BASIC_SCOPE, INSIGHTS_SCOPES, type Token } from '../world/token.ts';
import type { World } from '../world/world.ts';
import { noSuchObject, notFound } from './refusals.ts';

/** How a host answers insights inside another edge. */
export type NestedRule = 'allowed' | 'refused' | 'ignored';

/** One Graph call, whether it came as a request of its own or as an item of a batch. */
export type Call = {
	readonly world: World;
	readonly host: HostName;
	readonly method: string;
	/** The version that serves the call; it may differ from the requested one. */
	readonly version: string;
	/** Path parts without host and version. */
	readonly path: readonly string[];
	/** Query and form parameters together; never `access_token`. */
	readonly params: Readonly<Record<string, string>>;
	readonly token: Token;
	/** Where the host lives here, `http://127.0.0.1:8788/graph.facebook.com`: paging links start with it. */
	readonly baseUrl: string;
	readonly nested: NestedRule;
	/** Work one page of media may ask for; see paging.ts. */
	readonly pageBudget: number;
	/** Answer all insights with an empty list. */
	readonly emptyInsights: boolean;
};

/** The account of a path part: its id, or on the Instagram host `me` or its app-scoped id. */
export function accountOf(call: Call, id: string): AccountTruth {
	const reachable = call.token.accounts.map((key) => call.world.account(key));
	const instagram = call.host === 'graph.instagram.com';
	const found =
		instagram && id === 'me'
			? reachable[0]
			: reachable.find((account) => account.id === id || (instagram && account.appScopedId === id));
	if (found === undefined) throw noSuchObject(call.host, id);
	return found;
}

/** The account that owns a medium, when the token reaches it. */
export function ownerOf(call: Call, accountKey: string, id: string): AccountTruth {
	if (!call.token.accounts.includes(accountKey)) throw notFound(id);
	return call.world.account(accountKey);
}

/** Whether the permissions for profile and media were granted; on Facebook they include one for the Page. */
export function mayRead(call: Call): boolean {
	const { scopes } = call.token;
	if (!scopes.includes(BASIC_SCOPE[call.host])) return false;
	return (
		call.host === 'graph.instagram.com' ||
		scopes.includes('pages_show_list') ||
		scopes.includes('pages_read_engagement')
	);
}

/** On Facebook, stories need one more permission than media. */
export function mayReadStories(call: Call): boolean {
	return mayRead(call) && (call.host === 'graph.instagram.com' || call.token.scopes.includes('pages_read_engagement'));
}

/** Whether all permissions that insights need on this host were granted. */
export function mayReadInsights(call: Call): boolean {
	return INSIGHTS_SCOPES[call.host].every((scope) => call.token.scopes.includes(scope));
}

/** A request to one of the Graph hosts, or one item of a batch. */
export type GraphRequest = {
	readonly host: HostName;
	readonly method: string;
	/** As asked; `null` for a path without version. */
	readonly version: string | null;
	readonly path: readonly string[];
	readonly params: Readonly<Record<string, string>>;
	readonly accessToken: string | undefined;
};
