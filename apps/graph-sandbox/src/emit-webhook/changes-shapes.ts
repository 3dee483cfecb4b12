import { type EventContext, type EventShape, PERSON, postId, storyId } from './event-shape.ts';

/** What arrives in `changes` or flat: comments, mentions, story insights, and fields nobody knows yet. */
export const CHANGES_SHAPES: Readonly<Record<string, EventShape>> = {
	story_insights: { field: 'story_insights', login: 'facebook', place: 'changes', value: storyInsights },
	story_insights_few: {
		field: 'story_insights',
		login: 'facebook',
		place: 'changes',
		// Counts below five arrive as -1.
		value: (c) => ({
			media_id: storyId(c),
			impressions: 28,
			reach: 17,
			taps_forward: 12,
			taps_back: -1,
			exits: -1,
			replies: -1,
		}),
	},
	story_insights_test: {
		field: 'story_insights',
		login: 'facebook',
		place: 'changes',
		fromDashboard: true,
		value: () => ({
			media_id: '17887498072083520',
			impressions: 444,
			reach: 44,
			taps_forward: 4,
			taps_back: 3,
			exits: 3,
			replies: 0,
		}),
	},
	comments: {
		field: 'comments',
		login: 'instagram',
		place: 'changes',
		value: (c) => comment(c, { parent_id: commentId(c, 900) }),
	},
	comments_flat: { field: 'comments', login: 'instagram', place: 'flat', value: (c) => comment(c, {}) },
	comments_own: {
		field: 'comments',
		login: 'instagram',
		place: 'changes',
		value: (c) => ({
			...comment(c, {}),
			from: { id: c.account.id, username: c.account.username, self_ig_scoped_id: c.account.appScopedId },
		}),
	},
	comments_on_ad: {
		field: 'comments',
		login: 'facebook',
		place: 'changes',
		value: (c) => ({
			...comment(c, {}),
			media: {
				id: postId(c),
				media_product_type: 'AD',
				ad_id: '120210000000000001',
				ad_title: 'Autumn offer',
				original_media_id: postId(c),
			},
		}),
	},
	live_comments: { field: 'live_comments', login: 'instagram', place: 'changes', value: (c) => comment(c, {}) },
	mentions: {
		field: 'mentions',
		login: 'facebook',
		place: 'changes',
		value: (c) => ({ media_id: '17918195224117851', comment_id: commentId(c, 0) }),
	},
	mentions_caption: {
		field: 'mentions',
		login: 'facebook',
		place: 'changes',
		value: (c) => ({ media_id: `179181952${String(c.ordinal).padStart(8, '0')}` }),
	},
	unknown_field: {
		field: 'something_new',
		login: 'instagram',
		place: 'changes',
		value: (c) => ({ id: commentId(c, 0), nested: { deep: [1, 2, 3] } }),
	},
};

function comment(context: EventContext, extra: object): object {
	return {
		id: commentId(context, 0),
		...extra,
		text: 'Lindo! \u2764 caf\u00e9?',
		from: PERSON,
		media: { id: postId(context), media_product_type: 'FEED' },
	};
}

/** The numbers of a real story of the account, under the names the webhook has kept from before 2023. */
function storyInsights(context: EventContext): object {
	const story = context.account.stories().findLast((one) => !one.fewViewers);
	if (story === undefined) {
		return {
			media_id: storyId(context),
			impressions: 1523,
			reach: 1200,
			taps_forward: 845,
			taps_back: 112,
			exits: 98,
			replies: 23,
		};
	}
	const taps = Object.fromEntries(
		context.account.mediaRows(story, 'navigation').map((row) => [row.dimensionValues[0], row.value]),
	);
	return {
		media_id: story.id,
		impressions: context.account.mediaMetric(story, 'impressions'),
		reach: context.account.mediaMetric(story, 'reach'),
		taps_forward: taps.tap_forward ?? 0,
		taps_back: taps.tap_back ?? 0,
		exits: taps.tap_exit ?? 0,
		replies: context.account.mediaMetric(story, 'replies'),
	};
}

function commentId(context: EventContext, offset: number): string {
	return `178657993${String(context.ordinal + offset).padStart(8, '0')}`;
}
