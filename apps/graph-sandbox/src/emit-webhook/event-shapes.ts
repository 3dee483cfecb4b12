import { type EventContext, type EventShape, mid, PERSON, postId, storyId } from './event-shape.ts';

/** What arrives in `changes` or flat: comments, mentions, story insights, and unknown fields. */
export const CHANGES_SHAPES: Readonly<Record<string, EventShape>> = {
	story_insights: { field: 'story_insights', login: 'facebook', place: 'changes', value: storyInsights },
	story_insights_few: {
		field: 'story_insights',
		login: 'facebook',
		place: 'changes',
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
	/** With `comment_id` in place of `id`. */
	comments_by_comment_id: {
		field: 'comments',
		login: 'instagram',
		place: 'changes',
		value: (c) => ({ ...comment(c, {}), id: undefined, comment_id: commentId(c, 0) }),
	},
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
		impressions: counted(context.account.mediaMetric(story, 'impressions')),
		reach: counted(context.account.mediaMetric(story, 'reach')),
		taps_forward: counted(taps.tap_forward),
		taps_back: counted(taps.tap_back),
		exits: counted(taps.tap_exit),
		replies: counted(context.account.mediaMetric(story, 'replies')),
	};
}

/** Counts below five arrive as -1. */
function counted(count = 0): number {
	return count < 5 ? -1 : count;
}

function commentId(context: EventContext, offset: number): string {
	return `178657993${String(context.ordinal + offset).padStart(8, '0')}`;
}

/** What arrives in `messaging` or `standby`, and the dashboard's message inside `changes`. */
export const MESSAGING_SHAPES: Readonly<Record<string, EventShape>> = {
	messages: {
		field: 'messages',
		login: 'instagram',
		place: 'messaging',
		value: (c) => message(c, { text: 'oi, tem em azul? caf\u00e9 \u2764' }),
	},
	messages_story_reply: {
		field: 'messages',
		login: 'instagram',
		place: 'messaging',
		value: (c) =>
			message(c, {
				text: 'amei!',
				reply_to: { story: { url: 'https://lookaside.sandbox.example/?asset_id=1', id: storyId(c) } },
			}),
	},
	messages_story_mention: {
		field: 'messages',
		login: 'instagram',
		place: 'messaging',
		value: (c) =>
			message(c, {
				attachments: [{ type: 'story_mention', payload: { url: 'https://lookaside.sandbox.example/?asset_id=2' } }],
			}),
	},
	messages_echo: {
		field: 'messages',
		login: 'instagram',
		place: 'messaging',
		value: (c) => ({
			sender: { id: c.account.id },
			recipient: { id: PERSON.id },
			timestamp: c.at,
			message: { mid: mid(c), text: 'sim!', is_echo: true },
		}),
	},
	messages_echo_in_changes: {
		field: 'messages',
		login: 'instagram',
		place: 'changes',
		value: (c) => ({
			sender: { id: c.account.id },
			recipient: { id: PERSON.id },
			timestamp: String(Math.floor(c.at / 1000)),
			message: { mid: mid(c), text: 'sim!', is_echo: true },
		}),
	},
	messages_deleted: {
		field: 'messages',
		login: 'instagram',
		place: 'messaging',
		value: (c) => message(c, { is_deleted: true }),
	},
	messages_unsupported: {
		field: 'messages',
		login: 'instagram',
		place: 'messaging',
		value: (c) => message(c, { is_unsupported: true }),
	},
	messages_quick_reply: {
		field: 'messages',
		login: 'instagram',
		place: 'messaging',
		value: (c) =>
			message(c, {
				text: 'Azul',
				quick_reply: { payload: 'COLOR_BLUE' },
				referral: {
					ref: 'promo-nov',
					ad_id: '120210000000000001',
					source: 'ADS',
					type: 'OPEN_THREAD',
					ads_context_data: { ad_title: 'Autumn offer', photo_url: 'https://scontent.sandbox.example/p.jpg' },
				},
			}),
	},
	messages_in_changes: {
		field: 'messages',
		login: 'instagram',
		place: 'changes',
		fromDashboard: true,
		value: (c) => ({
			sender: { id: '12334' },
			recipient: { id: '23245' },
			timestamp: String(Math.floor(c.at / 1000)),
			message: { mid: mid(c), text: 'random_text' },
		}),
	},
	message_reactions: {
		field: 'message_reactions',
		login: 'instagram',
		place: 'messaging',
		value: (c) => between(c, { reaction: { mid: mid(c), action: 'react', reaction: 'love', emoji: '\u2764\ufe0f' } }),
	},
	message_edit: {
		field: 'message_edit',
		login: 'instagram',
		place: 'messaging',
		value: (c) => between(c, { message_edit: { mid: mid(c), text: 'tem em verde?', num_edit: 1 } }),
	},
	messaging_postbacks: {
		field: 'messaging_postbacks',
		login: 'instagram',
		place: 'messaging',
		value: (c) => between(c, { postback: { mid: mid(c), title: 'Talk to a human', payload: 'HUMAN' } }),
	},
	messaging_seen: {
		field: 'messaging_seen',
		login: 'instagram',
		place: 'messaging',
		value: (c) => between(c, { read: { mid: mid(c) } }),
	},
	messaging_referral: {
		field: 'messaging_referral',
		login: 'instagram',
		place: 'messaging',
		value: (c) =>
			between(c, { referral: { ref: 'summer', source: 'https://ig.me/m/shop?ref=summer', type: 'OPEN_THREAD' } }),
	},
	messaging_optins: {
		field: 'messaging_optins',
		login: 'instagram',
		place: 'messaging',
		value: (c) => between(c, { optin: { type: 'notification_messages', payload: `news-${c.ordinal}` } }),
	},
	messaging_handover: {
		field: 'messaging_handover',
		login: 'instagram',
		place: 'messaging',
		value: (c) =>
			between(c, {
				pass_thread_control: {
					previous_owner_app_id: '263902037430900',
					new_owner_app_id: '123456789012345',
					metadata: 'needs a person',
				},
			}),
	},
	standby: { field: 'standby', login: 'instagram', place: 'standby', value: (c) => message(c, { text: 'hello?' }) },
};

function message(context: EventContext, content: object): object {
	return between(context, { message: { mid: mid(context), ...content } });
}

function between(context: EventContext, content: object): object {
	return { sender: { id: PERSON.id }, recipient: { id: context.account.id }, timestamp: context.at, ...content };
}
