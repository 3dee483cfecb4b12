import type { Account } from './account.ts';
import { pick, unit, whole } from './seeded.ts';

export type ProductType = 'FEED' | 'REELS' | 'STORY' | 'AD';
export type MediaType = 'IMAGE' | 'VIDEO' | 'CAROUSEL_ALBUM';

/** One post, story, ad or album child. */
export type Media = {
	/** 17 digits, above 2^53. */
	readonly id: string;
	readonly accountKey: string;
	readonly productType: ProductType;
	readonly mediaType: MediaType;
	readonly caption: string;
	/** Epoch milliseconds. */
	readonly timestamp: number;
	readonly shortcode: string;
	readonly beforeConversion: boolean;
	/** A feed video of the old kind, which refuses `views`. */
	readonly legacyVideo: boolean;
	readonly sharedToFacebook: boolean;
	readonly likesHidden: boolean;
	/** Copyright-flagged media come without `media_url`. */
	readonly copyrightFlagged: boolean;
	/** Fewer than five people have seen this story. */
	readonly fewViewers: boolean;
	/** Its insights may not be read, whatever the token may read otherwise. */
	readonly forbidden?: boolean;
	/** Keys of the accounts that are tagged in it, and of those that are its collaborators; drawn where left out. */
	readonly tags?: readonly string[];
	readonly collaborators?: readonly string[];
	/** Ids of an album's pictures. */
	readonly childIds: readonly string[];
	/** Set on an album's picture: it has no counts, no permalink and no insights. */
	readonly parentId: string | null;
};

const HOUR_MS = 3_600_000;

/**
 * The account's posts, newest first.
 *
 * Each post sits in a slot counted from 1970, so the same post keeps its id and its numbers when the sandbox is started
 * again a day later. The share of ads, and of posts from before the conversion, is exact and not drawn.
 *
 * @param startedAt the newest post is at most one slot older than this
 */
export function createMedia(seed: string, account: Account, startedAt: Date): Media[] {
	const plan = account.posts;
	const slotMs = plan.everyHours * HOUR_MS;
	const newestSlot = Math.floor(startedAt.getTime() / slotMs);
	const firstAfterConversion = plan.count - Math.round(plan.count * plan.beforeConversionShare);
	return Array.from({ length: plan.count }, (_, index) => {
		const slot = newestSlot - index;
		return createPost(seed, account, {
			slot,
			timestamp: slot * slotMs - Math.floor(slotMs * 0.5 * unit(seed, account.key, 'minute', slot)),
			beforeConversion: index >= firstAfterConversion,
		});
	});
}

type Slot = { readonly slot: number; readonly timestamp: number; readonly beforeConversion: boolean };

function createPost(seed: string, account: Account, at: Slot): Media {
	const plan = account.posts;
	const draw = (name: string): number => unit(seed, account.key, name, at.slot);
	const isAd = plan.adShare > 0 && isInShare(at.slot, plan.adShare, 37);
	const isLegacy = !isAd && plan.legacyVideoShare > 0 && isInShare(at.slot, plan.legacyVideoShare, 11);
	const kind = isAd ? 'AD' : isLegacy ? 'VIDEO' : feedKind(draw('kind'));
	const productType: ProductType = kind === 'AD' || kind === 'REELS' ? kind : 'FEED';
	const mediaType: MediaType = kind === 'REELS' ? 'VIDEO' : kind === 'AD' ? 'IMAGE' : kind;
	const children = mediaType === 'CAROUSEL_ALBUM' ? whole(2, 6, seed, account.key, 'children', at.slot) : 0;
	return {
		id: mediaId(account, '0', at.slot),
		accountKey: account.key,
		productType,
		mediaType,
		caption: pick(plan.captions, seed, account.key, 'caption', at.slot),
		timestamp: at.timestamp - (at.timestamp % 1000),
		shortcode: shortcode(account, at.slot),
		beforeConversion: at.beforeConversion,
		legacyVideo: isLegacy,
		sharedToFacebook: draw('facebook') < 0.6,
		likesHidden: draw('hidden') < 0.03,
		copyrightFlagged: mediaType === 'VIDEO' && draw('copyright') < 0.02,
		fewViewers: false,
		childIds: Array.from({ length: children }, (_, index) => mediaId(account, '5', at.slot * 10 + index)),
		parentId: null,
	};
}

function feedKind(draw: number): 'REELS' | MediaType {
	if (draw < 0.38) return 'REELS';
	if (draw < 0.66) return 'IMAGE';
	return draw < 0.92 ? 'CAROUSEL_ALBUM' : 'VIDEO';
}

/** True for the share of the slots, spread evenly, so that any stretch of 1/share posts holds exactly one. */
function isInShare(slot: number, share: number, offset: number): boolean {
	const place = slot - offset;
	return Math.floor(place * share) > Math.floor((place - 1) * share);
}

/** The pictures of an album, in order. */
export function childrenOf(album: Media): readonly Media[] {
	return album.childIds.map((id, index) => ({
		...album,
		id,
		mediaType: index % 3 === 2 ? 'VIDEO' : 'IMAGE',
		caption: '',
		shortcode: `${album.shortcode}${index}`,
		childIds: [],
		parentId: album.id,
	}));
}

/** What a test or the admin endpoint may choose when it adds a post to the running world. */
export type NewMedia = Partial<
	Pick<
		Media,
		| 'productType'
		| 'mediaType'
		| 'caption'
		| 'timestamp'
		| 'sharedToFacebook'
		| 'beforeConversion'
		| 'tags'
		| 'collaborators'
		| 'copyrightFlagged'
		| 'likesHidden'
		| 'fewViewers'
		| 'forbidden'
		| 'legacyVideo'
	>
>;

/** A post (or story) that was not there when the world began. `ordinal` must be new for the account. */
export function newMedia(account: Account, choice: NewMedia, ordinal: number, now: Date): Media {
	const productType = choice.productType ?? 'FEED';
	return {
		accountKey: account.key,
		mediaType: productType === 'REELS' || choice.legacyVideo === true ? 'VIDEO' : 'IMAGE',
		caption: 'Just posted',
		beforeConversion: false,
		legacyVideo: false,
		sharedToFacebook: false,
		likesHidden: false,
		copyrightFlagged: false,
		fewViewers: false,
		...choice,
		id: mediaId(account, '7', ordinal),
		productType,
		timestamp: Math.floor((choice.timestamp ?? now.getTime()) / 1000) * 1000,
		shortcode: shortcode(account, 9_000_000 + ordinal),
		childIds: [],
		parentId: null,
	};
}

/** 17 digits, odd, above 2^53. `kind`: 0 post, 5 album child, 7 added while running, 9 story. */
export function mediaId(account: Account, kind: '0' | '5' | '7' | '9', ordinal: number): string {
	return `18${account.number}${kind}${String(ordinal).padStart(10, '0')}31`;
}

function shortcode(account: Account, ordinal: number): string {
	return `S${account.number}${ordinal.toString(36)}`;
}
