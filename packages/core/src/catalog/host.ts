import type { Confidence, SourceId } from './source.ts';

/** The two API hosts. Which one answers is decided by the login the token came from. */
export type Host = 'graph.instagram.com' | 'graph.facebook.com';

/** How the account owner signed in: with Instagram itself, or with a Facebook account that manages the linked Page. */
export type LoginType = 'instagram' | 'facebook';

/** What is known of one host. Fields and edges are those of the reference page of its login (S04). */
export type HostRow = {
	readonly loginType: LoginType;
	readonly title: string;
	/** Meta's name of the login product. */
	readonly loginName: string;
	/** How access tokens for this host begin. A hint, not a rule. */
	readonly tokenPrefixes: readonly string[];
	readonly tokenPrefixConfidence: Confidence;
	readonly permissions: HostPermissions;
	/** Longest `since`..`until` of account insights in days; null: no limit was ever observed. */
	readonly maxWindowDays: number | null;
	/** Most requests in one batch call; null: nobody has shown that the host takes batches. Each item counts as a call. */
	readonly batchMaxItems: number | null;
	/** Fields of the account node. Names the host does not know are left out of its answers without a word. */
	readonly userFields: readonly string[];
	/** Fields of a media node. */
	readonly mediaFields: readonly string[];
	/** Fields that make a whole page fail unless a condition holds, and what comes back: code or code/subcode. */
	readonly riskyFields: Readonly<Record<string, RiskyField>>;
	readonly userEdges: readonly string[];
	readonly mediaEdges: readonly string[];
	/** What this host cannot do though the other one can. */
	readonly notAvailable: readonly string[];
	/** Usual `error.type`. Says nothing about the cause: never classify by it. */
	readonly errorType: string;
	/** How a token finds the accounts it may read. */
	readonly discovery: { readonly path: string; readonly fields: string };
	readonly sources: readonly SourceId[];
	readonly readOn: string;
};

/** Names of the permissions (scopes) an app asks for. */
export type HostPermissions = {
	/** Needed for any insights, all of them. */
	readonly insights: readonly string[];
	/** Needed to list media, all of them. */
	readonly media: readonly string[];
	/** Besides `media`, one of these. */
	readonly mediaOneOf: readonly string[];
	/** Needed to find the account behind the token. */
	readonly discovery: readonly string[];
	/** Needed besides, when the role on the Page was given through Business Manager. */
	readonly viaBusinessManager: readonly string[];
};

/** Why a field is better left out of a list. */
export type RiskyField = { readonly code: number | null; readonly subcode: number | null; readonly meaning: string };

/** Facts about each host. */
export const HOSTS: Readonly<Record<Host, HostRow>> = {
	'graph.instagram.com': {
		loginType: 'instagram',
		title: 'Instagram API with Instagram Login',
		loginName: 'Business Login for Instagram',
		tokenPrefixes: ['IGAA', 'IGQ'],
		tokenPrefixConfidence: 'medium',
		permissions: {
			insights: ['instagram_business_basic', 'instagram_business_manage_insights'],
			media: ['instagram_business_basic'],
			mediaOneOf: [],
			discovery: [],
			viaBusinessManager: [],
		},
		maxWindowDays: null,
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
			'story_insights webhook', 'link_clicks', 'total_likes', 'total_comments', 'total_views',
			'*_count aggregate media fields', 'business_discovery', 'hashtag search', 'ads/partnership', 'collaborative_media',
		],
		errorType: 'IGApiException',
		discovery: { path: '/me', fields: 'user_id,username,account_type,followers_count' },
		sources: ['S04', 'S22', 'S23', 'S16', 'S21', 'S28'],
		readOn: '2026-11-23',
	},
	'graph.facebook.com': {
		loginType: 'facebook',
		title: 'Instagram API with Facebook Login',
		loginName: 'Facebook Login for Business',
		tokenPrefixes: ['EAA'],
		tokenPrefixConfidence: 'medium',
		permissions: {
			insights: ['instagram_basic', 'instagram_manage_insights', 'pages_read_engagement'],
			media: ['instagram_basic'],
			mediaOneOf: ['pages_read_engagement', 'pages_show_list'],
			discovery: ['pages_show_list'],
			viaBusinessManager: ['ads_management', 'ads_read'],
		},
		maxWindowDays: 30,
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
		errorType: 'OAuthException',
		discovery: {
			path: '/me/accounts',
			fields: 'id,name,access_token,tasks,instagram_business_account{id,username,name,profile_picture_url}',
		},
		sources: ['S04', 'S25', 'S26', 'S37'],
		readOn: '2026-11-23',
	},
};

/** The host that a token most likely belongs to, by how it begins; undefined when no login is known for it. */
export function hostOfToken(token: string): Host | undefined {
	const hosts = Object.keys(HOSTS) as Host[];
	return hosts.find((host) => HOSTS[host].tokenPrefixes.some((prefix) => token.startsWith(prefix)));
}
