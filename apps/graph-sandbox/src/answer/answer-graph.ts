import type { AnswerChange } from '../scenario/scenarios.ts';
import type { AccountTruth } from '../world/account-truth.ts';
import type { CodeStore } from '../world/code-store.ts';
import { HOSTS, type HostName } from '../world/host.ts';
import type { SubscriptionStore } from '../world/subscription-store.ts';
import type { World } from '../world/world.ts';
import { accountSubscriptions } from './account-subscriptions.ts';
import { appSubscriptions } from './app-subscriptions.ts';
import { answerBatch } from './batch.ts';
import { accountOf, type Call, type NestedRule } from './call.ts';
import { checkToken } from './check-token.ts';
import { facebookNode } from './facebook-nodes.ts';
import { debugToken, facebookAccessToken } from './facebook-token.ts';
import { type Answer, errorAnswer, GraphRefusal, type RefusalRow } from './graph-error.ts';
import type { GraphRequest } from './graph-request.ts';
import { exchangeInstagramToken, refreshInstagramToken } from './long-lived-token.ts';
import { idsRetired, noCapability, noSuchObject, notFound, unsupportedPost } from './refusals.ts';
import { routeCall } from './route-call.ts';
import type { Usage } from './usage.ts';
import { servedVersion } from './version.ts';

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

/** A refusal with the host's headers, or others in their place; a dead token also says so the HTTP way. */
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

/** What every answer of a Graph host carries: the version that served it, and how much of the budget is used. */
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
		// Nobody has seen a batch answered by the Instagram host.
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

/** The endpoints that hand out or explain tokens; they need no token of a person. */
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
