import type { Host } from './host.ts';
import type { SourceId } from './source.ts';

/** One call of a login flow. `{version}` in a URL stands for the Graph version. */
export type TokenEndpoint = {
	readonly method: 'GET' | 'POST';
	readonly url: string;
	/** Parameters in the order Meta lists them; `name=value` where the value is fixed. */
	readonly params: readonly string[];
};

/** How tokens of one login are made, exchanged, refreshed and looked into. */
export type TokenEndpointsRow = {
	/** Page the account owner is sent to. */
	readonly authorize: { readonly url: string; readonly params: readonly string[] };
	/** Code to short-lived token (an hour or two). */
	readonly codeExchange: TokenEndpoint;
	/** Short-lived to long-lived token. */
	readonly longLived: TokenEndpoint;
	/** A new long-lived token for one that has not yet expired; null: exchange again, or sign in again. */
	readonly refresh: TokenEndpoint | null;
	/** What a token is and may do; null: not known to exist. */
	readonly debug: TokenEndpoint | null;
	/** Days a long-lived token lives. */
	readonly longLivedDays: number;
	/** A token younger than this cannot be refreshed; null where there is no refresh. */
	readonly refreshMinAgeHours: number | null;
	/** `hex HMAC-SHA256(app secret, access token)` as `appsecret_proof`; required once an app enforces it. */
	readonly appSecretProof: 'supported' | 'not-documented';
	readonly sources: readonly SourceId[];
};

/** How tokens are got and kept alive, by host. */
export const TOKEN_ENDPOINTS: Readonly<Record<Host, TokenEndpointsRow>> = {
	'graph.instagram.com': {
		authorize: {
			url: 'https://www.instagram.com/oauth/authorize',
			params: ['client_id', 'redirect_uri', 'response_type=code', 'scope', 'state', 'force_reauth', 'enable_fb_login'],
		},
		// The code lives an hour and works once; a trailing "#_" is not part of it. A form body, not a query.
		codeExchange: {
			method: 'POST',
			url: 'https://api.instagram.com/oauth/access_token',
			params: ['client_id', 'client_secret', 'grant_type=authorization_code', 'redirect_uri', 'code'],
		},
		longLived: {
			method: 'GET',
			url: 'https://graph.instagram.com/access_token',
			params: ['grant_type=ig_exchange_token', 'client_secret', 'access_token'],
		},
		refresh: {
			method: 'GET',
			url: 'https://graph.instagram.com/refresh_access_token',
			params: ['grant_type=ig_refresh_token', 'access_token'],
		},
		debug: null,
		longLivedDays: 60,
		refreshMinAgeHours: 24,
		appSecretProof: 'not-documented',
		sources: ['S22', 'S23', 'S38', 'S16'],
	},
	'graph.facebook.com': {
		authorize: {
			url: 'https://www.facebook.com/{version}/dialog/oauth',
			params: ['client_id', 'redirect_uri', 'response_type=code', 'scope', 'state'],
		},
		codeExchange: {
			method: 'GET',
			url: 'https://graph.facebook.com/{version}/oauth/access_token',
			params: ['client_id', 'client_secret', 'redirect_uri', 'code'],
		},
		// Page tokens taken from a long-lived user token, and System User tokens, do not expire.
		longLived: {
			method: 'GET',
			url: 'https://graph.facebook.com/{version}/oauth/access_token',
			params: ['grant_type=fb_exchange_token', 'client_id', 'client_secret', 'fb_exchange_token'],
		},
		refresh: null,
		debug: {
			method: 'GET',
			url: 'https://graph.facebook.com/debug_token',
			params: ['input_token', 'access_token'],
		},
		longLivedDays: 60,
		refreshMinAgeHours: null,
		appSecretProof: 'supported',
		sources: ['S24', 'S25'],
	},
};
