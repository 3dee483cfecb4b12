import type { AnswerChange } from '../scenario/scenarios.ts';
import type { AccountTruth } from '../world/account-truth.ts';
import { HOSTS, type HostName, servedVersion } from '../world/host.ts';
import type { SubscriptionStore } from '../world/subscription-store.ts';
import type { CodeStore } from '../world/token-registry.ts';
import type { World } from '../world/world.ts';
import { accountInsights } from './account-insights.ts';
import { accountNode } from './account-node.ts';
import { answerBatch } from './batch.ts';
import { accountOf, type Call, type GraphRequest, mayRead, type NestedRule, ownerOf } from './call.ts';
import { checkToken } from './check-token.ts';
import { facebookNode } from './facebook-nodes.ts';
import { readFieldList } from './field-list.ts';
import { type Answer, errorAnswer, GraphRefusal, type RefusalRow } from './graph-error.ts';
import { mediaEdge, othersMediaEdge, storiesEdge } from './media-edge.ts';
import { mediaInsights } from './media-insights.ts';
import { childrenEdge, mediaFields } from './media-node.ts';
import {
	idsRetired,
	mediaGone,
	noCapability,
	noPermission,
	noSuchObject,
	notFound,
	unknownPath,
	unsupportedPost,
} from './refusals.ts';
import { debugToken, exchangeInstagramToken, facebookAccessToken, refreshInstagramToken } from './sign-in.ts';
import { accountSubscriptions, appSubscriptions } from './subscriptions.ts';
import type { Usage } from './usage.ts';

export type GraphSetting = {
	readonly world: World;
	/** `http://127.0.0.1:8788`, for links in answers. */
	readonly origin: string;
	readonly nested: Readonly<Record<HostName, NestedRule>>;
	/** Work one page of media may ask for. */
	readonly pageBudget: number;
	readonly usage: Usage;
	readonly codes: CodeStore;
	readonly subscriptions: SubscriptionStore;
	/** A new trace id for each error. */
	readonly traceId: () => string;
};

/** Answer as the host would; a refusal is an answer too. */
export async function answerGraph(
	setting: GraphSetting,
	request: GraphRequest,
	change: AnswerChange | null,
): Promise<Answer> {
	try {
		const body = await answerOrRefuse(setting, request, change);
		return { status: 200, headers: hostHeaders(setting, request), body };
	} catch (refusal) {
		if (!(refusal instanceof GraphRefusal)) throw refusal;
		return refused(setting, request, refusal.row);
	}
}

type Asking = Pick<GraphRequest, 'host' | 'version' | 'accessToken'>;

/** A refusal with the host's headers, or others in their place; an invalid token also gets `www-authenticate`. */
export function refused(
	setting: GraphSetting,
	asking: Asking,
	row: RefusalRow,
	headers: Readonly<Record<string, string>> = {},
): Answer {
	const answer = errorAnswer(asking.host, row, setting.traceId());
	const all = { ...hostHeaders(setting, asking), ...headers };
	if (row.code !== 190) return { ...answer, headers: all };
	const challenge = `OAuth "Facebook Platform" "invalid_token" "${row.message}" ${HOSTS[asking.host].errorType}`;
	return { ...answer, headers: { ...all, 'www-authenticate': challenge } };
}

/** The headers of every answer of a Graph host: the version that served it, and how much of the budget is used. */
function hostHeaders({ world, usage }: GraphSetting, { version, accessToken }: Asking): Record<string, string> {
	const token = accessToken === undefined ? undefined : world.tokens.find(accessToken);
	return {
		'facebook-api-version': servedVersion(version, world.now()),
		...(token === undefined ? {} : usage.headers(token)),
	};
}

async function answerOrRefuse(
	setting: GraphSetting,
	request: GraphRequest,
	change: AnswerChange | null,
): Promise<unknown> {
	const { world, usage } = setting;
	const { host, params, accessToken } = request;
	if (params.ids !== undefined) throw idsRetired();
	const granted = tokenRoute(setting, request);
	if (granted !== undefined) return granted;
	if (request.path.length === 0) {
		if (request.method !== 'POST') throw notFound('');
		// Nobody has published a batch answered by the Instagram host.
		if (host === 'graph.instagram.com' || params.batch === undefined) throw unsupportedPost();
		checkToken(world, host, accessToken, params.appsecret_proof);
		return answerBatch(request, change === 'null-batch-items', (item) => answerGraph(setting, item, change));
	}
	const token = checkToken(world, host, accessToken, params.appsecret_proof);
	usage.count(token);
	const call: Call = {
		world,
		host,
		method: request.method,
		version: servedVersion(request.version, world.now()),
		path: request.path,
		params,
		token,
		baseUrl: `${setting.origin}/${host}`,
		nested: setting.nested[host],
		pageBudget: setting.pageBudget,
		emptyInsights: change === 'empty-insights',
	};
	const path = request.path.join('/');
	if (change === 'no-accounts' && path === 'me/accounts') return { data: [] };
	const answer = await routed(setting, call);
	if (change === 'odd-value' && path.endsWith('/insights')) return withOddValue(answer as { data: readonly object[] });
	return change === 'wrapped' && path === 'me' ? { data: [answer] } : answer;
}

function withOddValue({ data: [first, ...others], ...more }: { readonly data: readonly object[] }): unknown {
	return { ...more, data: [{ ...first, values: [{ value: 'many' }], total_value: { value: 'many' } }, ...others] };
}

/** The endpoints that issue or explain tokens; they need no token of a person. */
function tokenRoute(setting: GraphSetting, request: GraphRequest): unknown {
	const { world, codes } = setting;
	const path = request.path.join('/');
	if (request.host === 'graph.instagram.com') {
		if (path === 'access_token') return exchangeInstagramToken(world, request.params, request.accessToken);
		if (path === 'refresh_access_token') return refreshInstagramToken(world, request.params, request.accessToken);
		return undefined;
	}
	if (path === 'oauth/access_token') return facebookAccessToken(world, codes, request.params);
	if (path === 'debug_token') return debugToken(world, request.params, request.accessToken);
	return undefined;
}

async function routed(setting: GraphSetting, call: Call): Promise<unknown> {
	const [id = '', edge] = call.path;
	const facebook = call.host === 'graph.facebook.com';
	if (facebook && edge === 'subscriptions') return appSubscriptions(call, setting.subscriptions);
	if (edge === 'subscribed_apps' && call.path.length === 2) {
		const account = facebook ? subscribedPage(call, id) : accountOf(call, id);
		return accountSubscriptions(call, account.key, setting.subscriptions);
	}
	if (facebook && call.method === 'GET') {
		const above = facebookNode(call);
		if (above !== undefined) return above;
	}
	return routeCall(call);
}

/** On Facebook the Page is subscribed; the Instagram account behind it cannot be. */
function subscribedPage(call: Call, id: string): AccountTruth {
	const own = id === 'me' ? call.token.accounts[0] : undefined;
	if (own !== undefined) return call.world.account(own);
	const account = call.world.accountById(id);
	if (account === undefined || !call.token.accounts.includes(account.key)) throw noSuchObject(call.host, id);
	if (account.id === id) throw noCapability();
	if (account.pageId !== id) throw noSuchObject(call.host, id);
	return account;
}

/**
 * Answer a call on an account or a medium of either host.
 *
 * @throws {GraphRefusal}
 */
function routeCall(call: Call): unknown {
	const [id = '', edge, ...deeper] = call.path;
	if (deeper.length > 0) throw unknownPath(call.path.slice(1).join('/'));
	if (call.method !== 'GET') throw unsupportedPost();
	if (call.token.accounts.some((key) => call.world.account(key).isGone(id))) throw mediaGone(id);
	const media = call.world.mediaById(id);
	if (media !== undefined) {
		const owner = ownerOf(call, media.accountKey, id);
		requirePermission(call, edge);
		const fields = readFieldList(call.params.fields ?? 'id');
		switch (edge) {
			case undefined:
				return mediaFields(call, owner, media, fields);
			case 'insights':
				return mediaInsights(call, owner, media, call.params);
			case 'children':
				return childrenEdge(call, owner, media, fields) ?? { data: [] };
			case 'comments':
				return { data: [] };
			case 'collaborators':
				// Only Facebook Login has collaborative media.
				if (call.host === 'graph.facebook.com') return { data: [] };
				throw unknownPath(edge);
			default:
				throw unknownPath(edge);
		}
	}
	const account = accountOf(call, id);
	if (account.refuses) throw noPermission();
	requirePermission(call, edge);
	switch (edge) {
		case undefined:
			return accountNode(call, account);
		case 'insights':
			return accountInsights(call, account, call.params);
		case 'media':
			return mediaEdge(call, account, call.params, null);
		case 'stories':
			return storiesEdge(call, account, call.params, null);
		case 'tags':
			return othersMediaEdge(call, account, 'tags');
		case 'collaborative_media':
			return othersMediaEdge(call, account, 'collaborators');
		case 'live_media':
			return { data: [] };
		case 'content_publishing_limit':
			return { data: [{ quota_usage: 0 }] };
		default:
			throw unknownPath(edge);
	}
}

/** Insights check their own permissions: a missing one is not always a refusal. */
function requirePermission(call: Call, edge: string | undefined): void {
	if (edge !== 'insights' && !mayRead(call)) throw noPermission();
}
