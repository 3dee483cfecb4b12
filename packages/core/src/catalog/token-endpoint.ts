import { DEFAULT_GRAPH_VERSION } from './graph-version.ts';
import type { Host } from './host.ts';
import type { SourceId } from './source.ts';

/** One way to get a token for another one. */
export type TokenExchangeRow = {
	readonly path: string;
	/** The path stands behind the Graph version. */
	readonly versioned: boolean;
	readonly grantType: string;
};

/** How tokens of one login are made, exchanged, refreshed and looked into. */
export type TokenEndpointsRow = {
	/** Page the account owner is sent to. */
	readonly authorizeUrl: string;
	/** Code to short-lived token (an hour or two), by POST with a form body. */
	readonly codeExchangeUrl: string;
	/** Short-lived to long-lived token. */
	readonly longLived: TokenExchangeRow;
	/** A new long-lived token for one that is not younger than this and has not yet expired; null: exchange again, or sign in again. */
	readonly refresh: (TokenExchangeRow & { readonly minAgeHours: number }) | null;
	/** What a token is and may do; null: not known to exist. */
	readonly debugPath: string | null;
	/** Days a long-lived token lives. */
	readonly longLivedDays: number;
	readonly sources: readonly SourceId[];
};

/** How tokens are got and kept alive, by host. */
export const TOKEN_ENDPOINTS = {
	'graph.instagram.com': {
		authorizeUrl: 'https://www.instagram.com/oauth/authorize',
		// The code lives an hour and works once; a trailing "#_" is not part of it.
		codeExchangeUrl: 'https://api.instagram.com/oauth/access_token',
		longLived: { path: '/access_token', versioned: false, grantType: 'ig_exchange_token' },
		refresh: { path: '/refresh_access_token', versioned: false, grantType: 'ig_refresh_token', minAgeHours: 24 },
		debugPath: null,
		longLivedDays: 60,
		sources: ['S22', 'S23', 'S38', 'S16'],
	},
	'graph.facebook.com': {
		authorizeUrl: `https://www.facebook.com/${DEFAULT_GRAPH_VERSION}/dialog/oauth`,
		codeExchangeUrl: `https://graph.facebook.com/${DEFAULT_GRAPH_VERSION}/oauth/access_token`,
		// Page tokens taken from a long-lived user token, and System User tokens, do not expire.
		longLived: { path: '/oauth/access_token', versioned: true, grantType: 'fb_exchange_token' },
		refresh: null,
		debugPath: '/debug_token',
		longLivedDays: 60,
		sources: ['S24', 'S25'],
	},
} as const satisfies Record<Host, TokenEndpointsRow>;
