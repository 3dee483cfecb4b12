import type { LoginType } from './host.ts';
import type { SourceId } from './source.ts';

/** How a field reaches an app with one login. */
export type FieldDelivery =
	/** Meta's pages offer it. */
	| 'documented'
	/** Meta's pages offer it to apps with the product Messenger. */
	| 'messenger'
	/** Meta accepts its name in a subscription, but no page says what it sends. */
	| 'accepted'
	/** Its events come with the field named here. Its own name is refused, or brings nothing. */
	| { readonly with: string }
	/** Not at all: Meta's pages say so, or Meta refuses its name. */
	| 'none'
	/** No source says. */
	| 'unknown';

/** What identifies an event, so that Meta's repetitions are recognized. */
export const EVENT_IDENTITIES = {
	comment: 'the id of the comment',
	mention: 'the ids of the post and the comment; in a caption, which may be edited, also the time',
	message: 'the id of the message, and whether it was deleted, echoed or unsupported',
	edit: 'the id of the message and the number of the edit',
	reaction: 'the id of the message, the sender, the action and the time',
	seen: 'the id of the message and the reader',
	postback: 'the id of the postback, or its sender, time and payload',
	conversation: 'the sender, the recipient, the time and what is in it',
	story: 'the id of the story and its numbers',
	inner: 'what would identify the event in this app',
	content: 'everything in it',
} as const;
/** A row of {@link EVENT_IDENTITIES}. */
export type EventIdentity = keyof typeof EVENT_IDENTITIES;

/** What is known of one field of Meta's webhook object `instagram`. */
export type WebhookFieldRow = {
	/** As a list of choices shows it. */
	readonly title: string;
	/** When it comes, in a plain sentence; null: no source says. */
	readonly meaning: string | null;
	readonly logins: Readonly<Record<LoginType, FieldDelivery>>;
	/** The keys of an item of `messaging[]` that mark it: such items do not name their field. */
	readonly keys: readonly string[];
	readonly identity: EventIdentity;
	/** A value as Meta sends it, with invented IDs; null: no source shows one. */
	readonly sample: Readonly<Record<string, unknown>> | null;
	/** `YYYY-MM-DD`: the earliest day a source shows it. It may be older. */
	readonly since: string;
	readonly sources: readonly SourceId[];
	/** `YYYY-MM-DD`: newest reading among the sources. */
	readonly readOn: string;
};

const PERSON = { id: '1009876543210987', username: 'ana.souza' };
const SAMPLE_COMMENT = {
	id: '17865799348089039',
	parent_id: '17865799348089001',
	text: 'Lindo!',
	from: PERSON,
	media: { id: '17918195224117851', media_product_type: 'FEED' },
};
const talk = (content: Readonly<Record<string, unknown>>) => ({
	sender: { id: PERSON.id },
	recipient: { id: '17841405309211844' },
	timestamp: 1764551999876,
	...content,
});

const EVERYWHERE = { instagram: 'documented', facebook: 'documented', unified: 'documented' } as const;
const MESSAGING = { instagram: 'documented', facebook: 'messenger', unified: 'documented' } as const;
const HANDOVER = { instagram: 'documented', facebook: 'messenger', unified: 'unknown' } as const;
const MESSENGER = { instagram: 'none', facebook: 'messenger', unified: 'unknown' } as const;
const ACCEPTED = { instagram: 'accepted', facebook: 'accepted', unified: 'unknown' } as const;
const INSTAGRAM_ACCEPTS = { instagram: 'accepted', facebook: 'unknown', unified: 'unknown' } as const;

const PAGE = { sources: ['S49'], readOn: '2026-10-28' } as const;
/** From the list of names that Meta shows when it refuses another one. */
const LIST = { since: '2026-09-07', sources: ['S53'], readOn: '2026-09-07' } as const;
const OF_MESSENGER = { since: '2024-06-26', sources: ['S49', 'S54'], readOn: '2026-10-28' } as const;

/**
 * The fields of Meta's webhook object `instagram`, under Meta's names. Meta adds fields without notice: one that is not
 * here is received like any other.
 *
 * The order decides if an item of `messaging[]` has the keys of several: a message may contain a referral, never the
 * reverse.
 */
// biome-ignore format: a table reads by columns
export const WEBHOOK_FIELDS = {
	comments:            { title: 'Comment', meaning: 'Someone commented on a post or reel, or replied to a comment.', logins: EVERYWHERE, keys: [], identity: 'comment', sample: SAMPLE_COMMENT, since: '2021-10-20', sources: ['S03', 'S49'], readOn: '2026-10-28' },
	live_comments:       { title: 'Live Comment', meaning: 'Someone commented during a live broadcast.', logins: EVERYWHERE, keys: [], identity: 'comment', sample: SAMPLE_COMMENT, since: '2025-11-24', ...PAGE },
	mentions:            { title: 'Mention', meaning: 'Someone @mentioned the account in a caption or comment of their own.', logins: { ...EVERYWHERE, instagram: { with: 'comments' } }, keys: [], identity: 'mention', sample: { media_id: '17918195224117851', comment_id: '17894227972186120' }, since: '2025-11-24', ...PAGE },
	story_insights:      { title: 'Story Insights', meaning: 'A story expired, with its final numbers.', logins: { ...EVERYWHERE, instagram: 'none' }, keys: [], identity: 'story', sample: { media_id: '17887498072083520', impressions: 444, reach: 44, taps_forward: 4, taps_back: 3, exits: 3, replies: 0 }, since: '2025-11-24', ...PAGE },
	messages:            { title: 'Message', meaning: 'Someone sent a direct message or replied to a story.', logins: MESSAGING, keys: ['message'], identity: 'message', sample: talk({ message: { mid: 'aWdfMSG', text: 'oi' } }), ...OF_MESSENGER },
	message_echoes:      { title: 'Message Echo', meaning: 'The account itself sent a message.', logins: { instagram: { with: 'messages' }, facebook: { with: 'messages' }, unified: { with: 'messages' } }, keys: [], identity: 'message', sample: talk({ message: { mid: 'aWdfMSG', text: 'sim!', is_echo: true } }), since: '2024-06-26', sources: ['S53', 'S54'], readOn: '2026-09-07' },
	message_edit:        { title: 'Message Edited', meaning: 'Someone changed a message they had sent.', logins: ACCEPTED, keys: ['message_edit'], identity: 'edit', sample: talk({ message_edit: { mid: 'aWdfMSG', text: 'tem em verde?', num_edit: 1 } }), ...LIST },
	message_reactions:   { title: 'Message Reaction', meaning: 'Someone reacted to a message.', logins: MESSAGING, keys: ['reaction'], identity: 'reaction', sample: talk({ reaction: { mid: 'aWdfMSG', action: 'react', reaction: 'love', emoji: '❤️' } }), ...OF_MESSENGER },
	messaging_postbacks: { title: 'Messaging Postback', meaning: 'Someone tapped a button or an ice breaker.', logins: MESSAGING, keys: ['postback'], identity: 'postback', sample: talk({ postback: { mid: 'aWdfPB', title: 'Talk to a human', payload: 'HUMAN' } }), ...OF_MESSENGER },
	messaging_seen:      { title: 'Message Seen', meaning: 'Someone read a message of the account.', logins: MESSAGING, keys: ['read'], identity: 'seen', sample: talk({ read: { mid: 'aWdfMSG' } }), ...OF_MESSENGER },
	messaging_optins:    { title: 'Messaging Opt-In', meaning: 'Someone agreed to get messages.', logins: { ...HANDOVER, facebook: 'none' }, keys: ['optin'], identity: 'conversation', sample: null, ...OF_MESSENGER },
	messaging_referral:  { title: 'Messaging Referral', meaning: 'Someone opened a conversation through a link or an ad.', logins: MESSAGING, keys: ['referral'], identity: 'conversation', sample: talk({ referral: { ref: 'summer', source: 'https://ig.me/m/shop?ref=summer', type: 'OPEN_THREAD' } }), ...OF_MESSENGER },
	messaging_handover:  { title: 'Messaging Handover', meaning: 'A conversation was passed from one app to another.', logins: HANDOVER, keys: ['pass_thread_control', 'take_thread_control', 'request_thread_control', 'app_roles'], identity: 'conversation', sample: talk({ pass_thread_control: { previous_owner_app_id: '263902037430900', new_owner_app_id: '123456789012345', metadata: 'needs a person' } }), ...OF_MESSENGER },
	standby:             { title: 'Standby', meaning: 'Something happened in a conversation that another app is answering.', logins: HANDOVER, keys: [], identity: 'inner', sample: talk({ message: { mid: 'aWdfSTBY', text: 'hello?' } }), ...OF_MESSENGER },
	messaging_policy_enforcement: { title: 'Messaging Policy Enforcement', meaning: 'Meta warned or blocked the app because of its messages.', logins: MESSENGER, keys: ['policy_enforcement', 'policy-enforcement'], identity: 'content', sample: null, ...OF_MESSENGER },
	response_feedback:   { title: 'Response Feedback', meaning: 'Someone rated a reply of the account.', logins: MESSENGER, keys: ['response_feedback'], identity: 'content', sample: talk({ response_feedback: { feedback: 'Good response', mid: 'aWdfMSG' } }), ...OF_MESSENGER },
	follow:              { title: 'Follow', meaning: null, logins: ACCEPTED, keys: [], identity: 'content', sample: null, ...LIST },
	comment_poll_response: { title: 'Comment Poll Response', meaning: null, logins: ACCEPTED, keys: [], identity: 'content', sample: null, ...LIST },
	story_poll_response: { title: 'Story Poll Response', meaning: null, logins: ACCEPTED, keys: [], identity: 'content', sample: null, ...LIST },
	story_reactions:     { title: 'Story Reactions', meaning: null, logins: INSTAGRAM_ACCEPTS, keys: [], identity: 'content', sample: null, ...LIST },
	share_to_story:      { title: 'Share to Story', meaning: null, logins: ACCEPTED, keys: [], identity: 'content', sample: null, ...LIST },
	onboarding_welcome_message_series: { title: 'Onboarding Welcome Message Series', meaning: null, logins: ACCEPTED, keys: [], identity: 'content', sample: null, ...LIST },
	creator_marketplace_projects: { title: 'Creator Marketplace Projects', meaning: null, logins: INSTAGRAM_ACCEPTS, keys: [], identity: 'content', sample: null, ...LIST },
	creator_marketplace_invited_creator_onboarding: { title: 'Creator Marketplace Invited Creator Onboarding', meaning: null, logins: INSTAGRAM_ACCEPTS, keys: [], identity: 'content', sample: null, ...LIST },
	agent_messages:      { title: 'Agent Messages', meaning: null, logins: INSTAGRAM_ACCEPTS, keys: [], identity: 'content', sample: null, ...LIST },
	delta:               { title: 'Delta', meaning: null, logins: INSTAGRAM_ACCEPTS, keys: [], identity: 'content', sample: null, ...LIST },
} as const satisfies Readonly<Record<string, WebhookFieldRow>>;

/** A field of the table. */
export type WebhookField = keyof typeof WEBHOOK_FIELDS;

/**
 * A Page is subscribed to fields of Pages and refuses those of Instagram. Any one of them lets the events of the linked
 * Instagram account through; this is the one of Meta's guide.
 */
export const PAGE_SUBSCRIPTION_FIELD = 'feed';

/** The row of a field; undefined for one that is not in the table. */
export function webhookFieldRow(field: string): WebhookFieldRow | undefined {
	return Object.hasOwn(WEBHOOK_FIELDS, field) ? WEBHOOK_FIELDS[field as WebhookField] : undefined;
}

/** The fields of "all fields": those that Meta's pages offer to the login without further products. */
export function documentedFields(login: LoginType): WebhookField[] {
	const names = Object.keys(WEBHOOK_FIELDS) as WebhookField[];
	return names.filter((name) => WEBHOOK_FIELDS[name].logins[login] === 'documented');
}

/** The names to send, and the wanted fields that never come with the login. */
export type SubscriptionNames = { readonly names: readonly string[]; readonly leftOut: readonly string[] };

/**
 * What to name in a subscription so that these fields come: a field that comes with another is subscribed to by the
 * other's name. A field that never comes with the login is left out; one that the table does not know is tried.
 *
 * @param login undefined: the app's own subscription, which serves every login it has
 */
export function subscriptionNames(fields: readonly string[], login: LoginType | undefined): SubscriptionNames {
	const logins: readonly LoginType[] = login === undefined ? ['instagram', 'facebook', 'unified'] : [login];
	const names = new Set<string>();
	const leftOut: string[] = [];
	for (const field of fields) {
		const ways = logins.map((one) => webhookFieldRow(field)?.logins[one] ?? 'unknown');
		if (ways.every((way) => way === 'none')) leftOut.push(field);
		else if (ways.some((way) => typeof way === 'string' && way !== 'none')) names.add(field);
		for (const way of ways) if (typeof way === 'object') names.add(way.with);
	}
	return { names: [...names], leftOut };
}
