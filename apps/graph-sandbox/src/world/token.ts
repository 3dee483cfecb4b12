import type { HostName } from './host.ts';

/** What the sandbox knows about an access token. All values are made up; none works at Meta. */
export type Token = {
	readonly value: string;
	readonly host: HostName;
	readonly kind: TokenKind;
	/** Keys of the accounts it reaches. */
	readonly accounts: readonly string[];
	readonly appId: string;
	/** Epoch milliseconds. */
	readonly issuedAt: number;
	/** Epoch milliseconds; `null` never ends. */
	readonly expiresAt: number | null;
	readonly scopes: readonly string[];
	readonly state: TokenState;
	/** The app refuses calls without `appsecret_proof`. */
	readonly proofRequired: boolean;
	readonly limit: TokenLimit;
	/** A scenario that every call with this token meets. */
	readonly scenario: string | null;
};

/** `short` lives an hour and may be exchanged; `long` lives 60 days; `page` never ends; `app` is `{app-id}|{secret}`. */
export type TokenKind = 'short' | 'long' | 'page' | 'app';

/** Why a token is invalid, by the subcode of code 190; 463 follows from `expiresAt`. */
export type TokenState = 'good' | 458 | 459 | 460 | 464 | 467 | 492;

/** `none`: the account's wide budget; `small`: 20 calls an hour; `used-up`: every call is refused. */
export type TokenLimit = 'none' | 'small' | 'used-up';

/** The two apps of the sandbox, and one that insists on `appsecret_proof`. The secrets sign webhooks too. */
export const APPS = {
	instagram: { id: '1001', name: 'Sandbox Instagram app', secret: 'ig-app-secret-sandbox' },
	facebook: { id: '2002', name: 'Sandbox Facebook app', secret: 'fb-app-secret-sandbox' },
	enforcing: { id: '3003', name: 'Sandbox app with proof', secret: 'fb-enforcing-secret-sandbox' },
} as const;

export const INSTAGRAM_SCOPES = [
	'instagram_business_basic',
	'instagram_business_manage_insights',
	'instagram_business_manage_comments',
	'instagram_business_manage_messages',
] as const;

export const FACEBOOK_SCOPES = [
	'instagram_basic',
	'instagram_manage_insights',
	'instagram_manage_comments',
	'pages_read_engagement',
	'pages_show_list',
	'pages_manage_metadata',
	'business_management',
] as const;

/** What reading an account and its media takes. */
export const BASIC_SCOPE: Readonly<Record<HostName, string>> = {
	'graph.instagram.com': 'instagram_business_basic',
	'graph.facebook.com': 'instagram_basic',
};

/** The permission of insights, by host. */
export const INSIGHTS_SCOPE: Readonly<Record<HostName, string>> = {
	'graph.instagram.com': 'instagram_business_manage_insights',
	'graph.facebook.com': 'instagram_manage_insights',
};

/** All that reading insights takes. */
export const INSIGHTS_SCOPES: Readonly<Record<HostName, readonly string[]>> = {
	'graph.instagram.com': ['instagram_business_basic', 'instagram_business_manage_insights'],
	'graph.facebook.com': ['instagram_basic', 'instagram_manage_insights', 'pages_read_engagement'],
};
