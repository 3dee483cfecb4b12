/**
 * Kinds of media by `media_product_type`. Not `media_type`, which knows only IMAGE, VIDEO and CAROUSEL_ALBUM, and
 * a reel is a VIDEO there (S04).
 */
export type KnownProductType = 'FEED' | 'REELS' | 'STORY' | 'AD';

/** A product type as Meta sends it, including future ones. */
export type ProductType = KnownProductType | (string & {});

/** One kind of media. */
export type ProductTypeRow = {
	readonly title: string;
	readonly plural: string;
	readonly meaning: string;
	/** `metrics`: rows of the media table name it. `unproven`: no metric is known to work; ask and expect a refusal. */
	readonly insights: 'metrics' | 'unproven';
};

/** What `media_product_type` can be. Sources S02, S04, S20. */
export const PRODUCT_TYPES: Readonly<Record<KnownProductType, ProductTypeRow>> = {
	FEED: {
		title: 'Post',
		plural: 'Posts',
		meaning: 'A photo, an album or an older video in the profile grid.',
		insights: 'metrics',
	},
	REELS: { title: 'Reel', plural: 'Reels', meaning: 'A reel.', insights: 'metrics' },
	STORY: {
		title: 'Story',
		plural: 'Stories',
		meaning: 'A story; its numbers can be read for 24 hours.',
		insights: 'metrics',
	},
	AD: {
		title: 'Ad',
		plural: 'Ads',
		meaning: 'A post made as an ad; it shows up among the media.',
		insights: 'unproven',
	},
};
