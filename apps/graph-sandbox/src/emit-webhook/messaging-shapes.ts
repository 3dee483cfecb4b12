import { type EventContext, type EventShape, mid, PERSON, storyId } from './event-shape.ts';

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
