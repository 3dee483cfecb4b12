import type { LoginType } from '@instagram-insights/core';

/** Meta's products that carry webhooks of Instagram; an app has one or several of them. */
type Product = 'instagram-login' | 'facebook-login' | 'messenger';

export type WebhookFieldRow = {
	/** As the panel shows it. */
	readonly name: string;
	readonly description: string;
	/** Products whose documentation names the field; none: seen only in the list of values that Meta accepts. */
	readonly products: readonly Product[];
};

/**
 * The fields of Meta's webhook object `instagram`, under Meta's names. Meta adds fields without notice: one that is not
 * here still reaches the workflow, as long as the trigger listens to all fields.
 *
 * Source: Meta's page on Instagram webhooks (`/documentation/instagram-platform/webhooks`, updated 2025-11-24) and its
 * messaging webhook pages, read on 2026-11-23.
 */
// biome-ignore format: a table reads by columns
export const WEBHOOK_FIELDS = {
	comments:            { name: 'Comment', description: 'Someone commented on a post or reel, or answered a comment. With Instagram Login also mentions.', products: ['instagram-login', 'facebook-login'] },
	live_comments:       { name: 'Live Comment', description: 'Someone commented during a live broadcast', products: ['instagram-login', 'facebook-login'] },
	mentions:            { name: 'Mention', description: 'Someone @mentioned the account in a caption or comment of their own', products: ['facebook-login'] },
	message_echoes:      { name: 'Message Echo', description: 'The account itself sent a message', products: ['instagram-login'] },
	message_edit:        { name: 'Message Edited', description: 'Someone changed a message they had sent', products: [] },
	message_reactions:   { name: 'Message Reaction', description: 'Someone reacted to a message', products: ['instagram-login', 'messenger'] },
	messages:            { name: 'Message', description: 'Someone sent a direct message or answered a story', products: ['instagram-login', 'messenger'] },
	messaging_handover:  { name: 'Messaging Handover', description: 'A conversation was passed from one app to another', products: ['instagram-login', 'messenger'] },
	messaging_optins:    { name: 'Messaging Opt-In', description: 'Someone agreed to get messages', products: ['instagram-login'] },
	messaging_policy_enforcement: { name: 'Messaging Policy Enforcement', description: 'Meta warned or blocked the app because of its messages', products: ['messenger'] },
	messaging_postbacks: { name: 'Messaging Postback', description: 'Someone tapped a button or an ice breaker', products: ['instagram-login', 'messenger'] },
	messaging_referral:  { name: 'Messaging Referral', description: 'Someone came into a conversation through a link or an ad', products: ['instagram-login', 'messenger'] },
	messaging_seen:      { name: 'Message Seen', description: 'Someone read a message of the account', products: ['instagram-login', 'messenger'] },
	response_feedback:   { name: 'Response Feedback', description: 'Someone rated an answer of the account', products: ['messenger'] },
	standby:             { name: 'Standby', description: 'Something happened in a conversation that another app is answering', products: ['instagram-login', 'messenger'] },
	story_insights:      { name: 'Story Insights', description: 'A story expired, with its final numbers. Facebook Login only.', products: ['facebook-login'] },
} as const satisfies Readonly<Record<string, WebhookFieldRow>>;

export type WebhookField = keyof typeof WEBHOOK_FIELDS;

/** Value of the choice that stands for every field, those of tomorrow included. */
export const ALL_FIELDS = '*';

/** The fields that an app with this login can subscribe to without further products. */
export function fieldsOf(login: LoginType): WebhookField[] {
	const names = Object.keys(WEBHOOK_FIELDS) as WebhookField[];
	return names.filter((name) => {
		const row: WebhookFieldRow = WEBHOOK_FIELDS[name];
		return row.products.some((product) => product === `${login}-login`);
	});
}
