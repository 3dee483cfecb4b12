import { DEFAULT_GRAPH_VERSION } from './graph-version.ts';
import type { Confidence, SourceId } from './source.ts';

/** The two API hosts. The login that the token comes from decides which one to use. */
export type Host = 'graph.instagram.com' | 'graph.facebook.com';

/**
 * How the account owner signed in: with Instagram, with a Facebook account that manages the linked Page, or with the
 * newest one, of which Meta has documented the webhooks only.
 */
export type LoginType = 'instagram' | 'facebook' | 'unified';

/** Names of the permissions (scopes) an app asks for. Null: no source says. */
export type LoginPermissions = {
	/** Needed for any insights, all of them. */
	readonly insights: readonly string[] | null;
	/** Needed to list media, all of them. */
	readonly media: readonly string[] | null;
	/** One of these, besides `media`. */
	readonly mediaOneOf: readonly string[];
	/** Needed to find the account behind the token. */
	readonly discovery: readonly string[] | null;
	/** Needed to list media of others in which the account is tagged, all of them. */
	readonly taggedMedia: readonly string[] | null;
	/** Also needed when a business portfolio owns the Page or gave the role on it: without them lists lack its accounts. */
	readonly viaBusinessManager: readonly string[];
};

/** What is known about one way to sign in. */
export type LoginRow = {
	readonly loginType: LoginType;
	/** The host that accepts its tokens. */
	readonly host: Host;
	readonly title: string;
	/** The title in two words. */
	readonly shortTitle: string;
	/** Meta's name of the login product; null: no source says. */
	readonly loginName: string | null;
	/** How its access tokens begin. A hint, not a rule; empty: not known. */
	readonly tokenPrefixes: readonly string[];
	/** What kind of token it gives. */
	readonly tokens: string;
	readonly permissions: LoginPermissions;
	/** Permissions that Meta's webhook pages name for it, including those for comments and messages. */
	readonly webhookPermissions: readonly string[];
	/** How sure it is that insights can be read with it. */
	readonly insightsConfidence: Confidence;
	/** What no source says; null: nothing is missing. */
	readonly unknown: string | null;
	readonly confidence: Confidence;
	readonly sources: readonly SourceId[];
	/** `YYYY-MM-DD`: newest reading among the sources. */
	readonly readOn: string;
};

/** Every way to sign in. */
export const LOGINS = {
	instagram: {
		loginType: 'instagram',
		host: 'graph.instagram.com',
		title: 'Instagram API with Instagram Login',
		shortTitle: 'Instagram Login',
		loginName: 'Business Login for Instagram',
		tokenPrefixes: ['IGAA', 'IGQ'],
		tokens: 'of the Instagram account',
		permissions: {
			insights: ['instagram_business_basic', 'instagram_business_manage_insights'],
			media: ['instagram_business_basic'],
			mediaOneOf: [],
			discovery: [],
			taggedMedia: null,
			viaBusinessManager: [],
		},
		webhookPermissions: [
			'instagram_business_basic',
			'instagram_business_manage_comments',
			'instagram_business_manage_messages',
		],
		insightsConfidence: 'high',
		unknown:
			"Whether its tokens list media of others that tag the account, and with which permission: Meta's pages contradict each other.",
		confidence: 'high',
		sources: ['S22', 'S23', 'S16', 'S49'],
		readOn: '2026-11-23',
	},
	facebook: {
		loginType: 'facebook',
		host: 'graph.facebook.com',
		title: 'Instagram API with Facebook Login',
		shortTitle: 'Facebook Login',
		loginName: 'Facebook Login for Business',
		tokenPrefixes: ['EAA'],
		tokens: 'of a user, a Page or a System User',
		permissions: {
			insights: ['instagram_basic', 'instagram_manage_insights', 'pages_read_engagement'],
			media: ['instagram_basic'],
			mediaOneOf: ['pages_read_engagement', 'pages_show_list'],
			discovery: ['pages_show_list'],
			taggedMedia: ['instagram_manage_comments', 'pages_read_engagement'],
			viaBusinessManager: ['business_management', 'ads_management', 'ads_read'],
		},
		webhookPermissions: [
			'instagram_basic',
			'instagram_manage_comments',
			'instagram_manage_insights',
			'instagram_manage_messages',
			'pages_manage_metadata',
		],
		insightsConfidence: 'high',
		unknown: null,
		confidence: 'high',
		sources: ['S04', 'S24', 'S25', 'S26', 'S37', 'S49'],
		readOn: '2026-11-23',
	},
	unified: {
		loginType: 'unified',
		host: 'graph.facebook.com',
		title: 'Instagram API with Unified Login',
		shortTitle: 'Unified Login',
		loginName: null,
		tokenPrefixes: [],
		tokens: 'of a Business Integration System User, for the Instagram account itself (no Page)',
		permissions: {
			insights: null,
			media: null,
			mediaOneOf: [],
			discovery: null,
			taggedMedia: null,
			viaBusinessManager: [],
		},
		webhookPermissions: [
			'instagram_basic',
			'instagram_manage_comments',
			'instagram_manage_insights',
			'instagram_manage_messages',
		],
		insightsConfidence: 'low',
		unknown:
			'Only its webhooks are documented (in production after business verification). Whether its tokens read insights, how they begin and how they find their account is on no page.',
		confidence: 'high',
		sources: ['S49'],
		readOn: '2026-10-28',
	},
} as const satisfies Record<LoginType, LoginRow>;

/** What is known about one host. Fields and edges are those of the reference page of its login (S04). */
export type HostRow = LoginRow & {
	readonly permissions: LoginPermissions & Readonly<Record<'insights' | 'media' | 'discovery', readonly string[]>>;
	/** Most requests in one batch call; null: the host is not known to accept batches. Each item counts as a call. */
	readonly batchMaxItems: number | null;
	/** Fields of the account node. The host silently leaves out names it does not know. */
	readonly userFields: readonly string[];
	/** Fields of a media node. */
	readonly mediaFields: readonly string[];
	/** Fields that make a whole page fail unless a condition is met, with the code and subcode of the refusal. */
	readonly riskyFields: Readonly<Record<string, RiskyField>>;
	readonly userEdges: readonly string[];
	readonly mediaEdges: readonly string[];
	/** What only the other host can do. */
	readonly notAvailable: readonly string[];
	/** Where a token finds the accounts it may read. */
	readonly discovery: { readonly path: string };
};

/** Why a field should be left out of a list. */
export type RiskyField = { readonly code: number | null; readonly subcode: number | null; readonly meaning: string };

/** Facts about each host, with the login whose tokens it accepts for insights. */
export const HOSTS: Readonly<Record<Host, HostRow>> = {
	'graph.instagram.com': {
		...LOGINS.instagram,
		batchMaxItems: null,
		// biome-ignore format: a list of names reads as a paragraph
		userFields: [
			'account_type', 'biography', 'followers_count', 'follows_count', 'id', 'media_count', 'name',
			'profile_picture_url', 'user_id', 'username', 'website',
		],
		// biome-ignore format: a list of names reads as a paragraph
		mediaFields: [
			'alt_text', 'caption', 'comments_count', 'current_live_viewer_count', 'id', 'is_ai_generated',
			'is_comment_enabled', 'is_shared_to_feed', 'like_count', 'media_product_type', 'media_type', 'media_url', 'owner',
			'permalink', 'shortcode', 'thumbnail_url', 'timestamp', 'username',
		],
		riskyFields: {},
		userEdges: ['insights', 'media', 'stories', 'tags', 'live_media', 'content_publishing_limit'],
		mediaEdges: ['children', 'comments', 'insights'],
		// biome-ignore format: a list of names reads as a paragraph
		notAvailable: [
			'*_count aggregate media fields', 'business_discovery', 'hashtag search', 'ads/partnership', 'collaborative_media',
		],
		discovery: { path: '/me' },
		sources: ['S04', 'S22', 'S23', 'S16', 'S21', 'S28'],
	},
	'graph.facebook.com': {
		...LOGINS.facebook,
		batchMaxItems: 50,
		// biome-ignore format: a list of names reads as a paragraph
		userFields: [
			'biography', 'business_discovery', 'collaborative_media_search', 'followers_count', 'follows_count',
			'has_profile_pic', 'id', 'ig_id', 'is_published', 'legacy_instagram_user_id', 'media_count', 'mentioned_comment',
			'mentioned_media', 'name', 'owner_business', 'profile_picture_url', 'shopping_product_tag_eligibility',
			'username', 'website',
		],
		// biome-ignore format: a list of names reads as a paragraph
		mediaFields: [
			'alt_text', 'audio_id', 'boost_eligibility_info', 'caption', 'comments_count', 'copyright_check_information',
			'current_live_viewer_count', 'has_poll', 'has_slider', 'id', 'ig_id', 'is_ai_generated', 'is_comment_enabled',
			'is_shared_to_feed', 'legacy_instagram_media_id', 'like_count', 'media_audio_type', 'media_product_type',
			'media_type', 'media_url', 'owner', 'permalink', 'reposts_count', 'saved_count', 'shares_count', 'shortcode',
			'thumbnail_url', 'timestamp', 'total_comments_count', 'total_like_count', 'total_views_count', 'username',
			'video_title', 'view_count',
		],
		riskyFields: {
			view_count: { code: 36104, subcode: null, meaning: 'Works for other accounts through Business Discovery only.' },
			copyright_check_information: { code: 9005, subcode: 1452042, meaning: 'Exists on videos only.' },
			shopping_product_tag_eligibility: { code: 10, subcode: null, meaning: 'Needs a shopping permission.' },
			ig_id: { code: null, subcode: null, meaning: 'An id of the old API; other calls do not take it.' },
		},
		// biome-ignore format: a list of names reads as a paragraph
		userEdges: [
			'insights', 'media', 'stories', 'tags', 'live_media', 'collaborative_media', 'collaboration_invites',
			'content_publishing_limit', 'business_discovery',
		],
		mediaEdges: ['children', 'collaborators', 'comments', 'insights', 'product_tags', 'boost_ads_list'],
		notAvailable: [],
		discovery: { path: '/me/accounts' },
	},
};

/** The host of a token, by its prefix; undefined for an unknown prefix. */
export function hostOfToken(token: string): Host | undefined {
	const hosts = Object.keys(HOSTS) as Host[];
	return hosts.find((host) => HOSTS[host].tokenPrefixes.some((prefix) => token.startsWith(prefix)));
}

/** One way to exchange a token. */
export type TokenExchangeRow = {
	readonly path: string;
	/** The path follows the Graph version. */
	readonly versioned: boolean;
	readonly grantType: string;
};

/** How tokens of one login are issued, exchanged, refreshed and inspected. */
export type TokenEndpointsRow = {
	/** The page where the account owner signs in. */
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

/** Token endpoints, by host. */
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
