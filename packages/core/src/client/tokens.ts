import { DEFAULT_GRAPH_VERSION } from '../catalog/graph-version.ts';
import { HOSTS, type Host, TOKEN_ENDPOINTS, type TokenExchangeRow } from '../catalog/host.ts';
import { DebugTokenAnswer, TokenAnswer, tokenProblem } from '../graph/token-answer.ts';
import { InsightsError } from '../insights-error.ts';
import type { QuestionOptions } from './client-context.ts';
import type { Clock, Transport } from './ports.ts';
import { createSession, type RequestInfo } from './session/session.ts';

/** Options of a token client: those of an insights client, and the Meta app if the host needs it. */
export type TokenClientOptions = {
	readonly host: Host;
	readonly transport: Transport;
	readonly clock: Clock;
	/** The Meta app; needed to exchange and to debug on graph.facebook.com. */
	readonly appId?: string | undefined;
	/** The app's secret; needed to exchange on both hosts, and to debug. */
	readonly appSecret?: string | undefined;
	readonly graphVersion?: string | undefined;
	readonly random?: (() => number) | undefined;
	readonly maxAttempts?: number | undefined;
	readonly onRequest?: ((info: RequestInfo) => void) | undefined;
};

/** A token and how long it is valid. Never log or show it. */
export type IssuedToken = {
	readonly accessToken: string;
	readonly issuedAt: Date;
	/** Null: it does not expire, or the answer does not say. */
	readonly expiresAt: Date | null;
	/** Null: the answer does not say. */
	readonly permissions: readonly string[] | null;
};

/** What `debug_token` says about a token: type, app, scopes and when it expires. */
export type TokenFacts = DebugTokenAnswer['data'];

/** Requests about tokens. The login endpoints take tokens and secrets only as parameters, so only these requests have them. */
export type TokenClient = {
	/** Exchange a short-lived token (hours) for a long-lived one (`longLivedDays` of `TOKEN_ENDPOINTS`). */
	exchange(shortLived: string, options?: QuestionOptions): Promise<IssuedToken>;
	/** Get a new long-lived token of Instagram Login. The old one stays valid until it expires. */
	refresh(longLived: string, options?: QuestionOptions): Promise<IssuedToken>;
	/** Type, scopes and expiry of a token (graph.facebook.com). */
	debug(token: string, options?: QuestionOptions): Promise<TokenFacts>;
};

/**
 * A client for the tokens of one host. Its requests contain tokens and secrets, as Meta requires; its errors never do.
 */
export function createTokenClient(options: TokenClientOptions): TokenClient {
	const { host, appId, appSecret, clock } = options;
	const { title } = HOSTS[host];
	const { longLived, refresh, debugPath } = TOKEN_ENDPOINTS[host];
	const session = createSession({
		host,
		transport: options.transport,
		clock,
		graphVersion: options.graphVersion ?? DEFAULT_GRAPH_VERSION,
		random: options.random ?? Math.random,
		patienceMs: 0,
		maxAttempts: options.maxAttempts ?? 3,
		onRequest: options.onRequest,
	});

	/** Do not send a token whose form shows that Meta will refuse it. */
	function assertSendable(token: string): void {
		const problem = tokenProblem(token);
		if (problem !== null) throw problem;
	}

	async function issue(
		{ path, versioned, grantType }: TokenExchangeRow,
		params: Record<string, string>,
		{ signal, what }: QuestionOptions & { readonly what: string },
	): Promise<IssuedToken> {
		const secrets = Object.values(params).filter((value) => value !== appId);
		const asked = { what, signal, secrets, ...(versioned ? {} : { version: '' }) };
		const query = { grant_type: grantType, ...params };
		const { data } = await session.ask({ method: 'GET', path, query }, TokenAnswer, asked);
		const issuedAt = clock.now();
		const { accessToken, expiresInSeconds, permissions } = data;
		const expiresAt = expiresInSeconds === null ? null : new Date(issuedAt.getTime() + expiresInSeconds * 1000);
		return { accessToken, issuedAt, expiresAt, permissions };
	}

	return {
		async exchange(shortLived, question) {
			const what = 'exchange for a long-lived token';
			assertSendable(shortLived);
			const secret = needed(appSecret, 'the app secret', what);
			if (longLived.grantType === 'ig_exchange_token') {
				return issue(longLived, { client_secret: secret, access_token: shortLived }, { ...question, what });
			}
			const app = { client_id: needed(appId, 'the app id', what), client_secret: secret };
			return issue(longLived, { ...app, fb_exchange_token: shortLived }, { ...question, what });
		},
		async refresh(token, question) {
			const what = 'refresh of the token';
			if (refresh === null) {
				throw new InsightsError('invalid-query', `${what}: ${title} does not refresh tokens`, {
					advice: 'Exchange a new short-lived token, or use a Page or system user token, which does not expire.',
				});
			}
			assertSendable(token);
			return issue(refresh, { access_token: token }, { ...question, what });
		},
		async debug(token, { signal } = {}) {
			const what = 'debug of the token';
			if (debugPath === null) {
				throw new InsightsError('invalid-query', `${what}: ${title} has no debug_token`, {
					advice: 'Read the profile instead: that works as long as the token is valid.',
				});
			}
			const appToken = `${needed(appId, 'the app id', what)}|${needed(appSecret, 'the app secret', what)}`;
			const request = {
				method: 'GET',
				path: debugPath,
				query: { input_token: token, access_token: appToken },
			} as const;
			const secrets = [token, appToken, appSecret ?? ''];
			const { data } = await session.ask(request, DebugTokenAnswer, { what, signal, secrets });
			return data.data;
		},
	};
}

function needed(value: string | undefined, name: string, what: string): string {
	if (value !== undefined && value !== '') return value;
	throw new InsightsError('invalid-query', `${what}: ${name} is missing`, {
		advice: 'Copy it from the dashboard of your app on Meta for Developers.',
	});
}

/** When a token was issued and when it expires; null: never. */
export type TokenAge = { readonly issuedAt: Date; readonly expiresAt: Date | null };

/** Whether a token of Instagram Login can and should be refreshed. */
export type RefreshState =
	/** It does not expire: nothing to do. */
	| { readonly state: 'endless' }
	/** It cannot be refreshed before `from`. */
	| { readonly state: 'too-young'; readonly from: Date }
	/** It can be refreshed, but need not be before `from`. */
	| { readonly state: 'fresh'; readonly from: Date }
	/** Refresh it now. */
	| { readonly state: 'due'; readonly until: Date }
	/** It has expired: sign in again. */
	| { readonly state: 'expired'; readonly since: Date };

const HOUR_MS = 3_600_000;
const { refresh: REFRESH, longLivedDays: LIFE_DAYS } = TOKEN_ENDPOINTS['graph.instagram.com'];

/**
 * Whether to refresh a long-lived token of Instagram Login. Meta's rule (source S22): the token must be old enough and
 * not yet expired; a refresh gives a token with a full life.
 *
 * @param leadDays how long before it expires a refresh is due; half of its life by default
 */
export function refreshDue(token: TokenAge, now: Date, leadDays = LIFE_DAYS / 2): RefreshState {
	if (token.expiresAt === null) return { state: 'endless' };
	if (token.expiresAt <= now) return { state: 'expired', since: token.expiresAt };
	const oldEnough = new Date(token.issuedAt.getTime() + REFRESH.minAgeHours * HOUR_MS);
	if (oldEnough > now) return { state: 'too-young', from: oldEnough };
	const dueFrom = new Date(token.expiresAt.getTime() - leadDays * 24 * HOUR_MS);
	return dueFrom > now ? { state: 'fresh', from: dueFrom } : { state: 'due', until: token.expiresAt };
}
