import type { NamedSecret } from '@instagram-insights/core/internal';

/** How events arrive: directly from Meta, or through the webhook relay. */
export type Mode = 'direct' | 'relay';

/** The panel's settings for receiving. */
export type ReceiveParameters = {
	readonly mode: Mode;
	readonly filter: EventFilter;
	readonly simplify: boolean;
	readonly dropDuplicates: boolean;
	readonly toleranceSeconds: number;
};

/** Both webhook contexts of n8n have this. */
export type ParameterContext = { getNodeParameter(name: string, fallback?: unknown): unknown };

const DEFAULT_TOLERANCE_SECONDS = 300;

export function readReceiveParameters(context: ParameterContext): ReceiveParameters {
	const options = context.getNodeParameter('options', {}) as Readonly<Record<string, unknown>>;
	return {
		mode: readMode(context),
		filter: { fields: readFields(context), accounts: readList(options.accountIds) },
		simplify: context.getNodeParameter('simplify', true) !== false,
		dropDuplicates: options.dropDuplicates !== false,
		toleranceSeconds: readTolerance(options.toleranceSeconds),
	};
}

export function readMode(context: ParameterContext): Mode {
	return context.getNodeParameter('mode', 'direct') === 'relay' ? 'relay' : 'direct';
}

/** The chosen fields. Nothing chosen means all, because an empty list would never start the workflow. */
export function readFields(context: ParameterContext): string[] {
	const chosen = readList(context.getNodeParameter('fields', [ALL_FIELDS])).flatMap((choice) => {
		if (choice === MESSAGE_GROUP) return [...MESSAGE_FIELDS];
		return choice === OTHER_FIELDS ? readList(context.getNodeParameter('otherFields', [])) : [choice];
	});
	const { includeSent } = context.getNodeParameter('options', {}) as Readonly<Record<string, unknown>>;
	const fields = new Set(chosen);
	if (includeSent === true && fields.has('messages')) fields.add(SENT_MESSAGES);
	return fields.size === 0 ? [ALL_FIELDS] : [...fields];
}

/** A list as an array, or as text with commas, spaces or line breaks. */
function readList(value: unknown): string[] {
	const parts = Array.isArray(value) ? value : String(value ?? '').split(/[,\s]+/);
	return [...new Set(parts.map((part) => String(part).trim()).filter((part) => part !== ''))];
}

function readTolerance(value: unknown): number {
	const seconds = value === undefined || value === null || value === '' ? DEFAULT_TOLERANCE_SECONDS : Number(value);
	return Number.isFinite(seconds) && seconds >= 0 ? seconds : DEFAULT_TOLERANCE_SECONDS;
}

/** Value of the choice for every field, including fields that Meta adds later. */
export const ALL_FIELDS = '*';

/** Value of the choice for messages, edits and reactions. */
export const MESSAGE_GROUP = 'messageEvents';
/** What it stands for. Sent messages are left out: a workflow that answers messages would start itself. */
export const MESSAGE_FIELDS = ['messages', 'message_edit', 'message_reactions'] as const;

/**
 * The field of messages that the account itself sent. Meta accepts this name in no subscription. The events arrive with
 * `messages`, and core gives them this name.
 */
export const SENT_MESSAGES = 'message_echoes';

/** Value of the choice that opens the list of all fields. */
export const OTHER_FIELDS = 'otherFields';

export type EventFilter = {
	/** Meta's field names, or {@link ALL_FIELDS} among them for every field. */
	readonly fields: readonly string[];
	/** Ids of the accounts to listen to; none: every account of the app. */
	readonly accounts: readonly string[];
};

/**
 * Whether the user asked for an event. An app gets the events of all its accounts and fields, whatever single accounts
 * subscribed to, so this function filters them. Samples belong to no account and pass for every account.
 */
export function matchesFilter(
	event: { readonly field: string; readonly accountId: string; readonly sample: boolean },
	{ fields, accounts }: EventFilter,
): boolean {
	if (!fields.includes(ALL_FIELDS) && !fields.includes(event.field)) return false;
	return accounts.length === 0 || event.sample || accounts.includes(event.accountId);
}

/** The credential's fields, all optional. */
export type WebhookCredential = {
	readonly eventsFrom?: unknown;
	readonly appId?: unknown;
	readonly appSecret?: unknown;
	readonly instagramAppSecret?: unknown;
	readonly verifyToken?: unknown;
	readonly relaySecret?: unknown;
	readonly baseUrl?: unknown;
};

/** Every secret that Meta may sign with, under the name of its field. */
export function readAppSecrets({ appSecret, instagramAppSecret }: WebhookCredential): NamedSecret[] {
	return [
		...listOf(appSecret).map((secret) => ({ name: 'App Secret', secret })),
		...listOf(instagramAppSecret).map((secret) => ({ name: 'Instagram App Secret', secret })),
	];
}

/** Every secret that the relay may sign with, in the order of the field. */
export function readRelaySecrets({ relaySecret }: WebhookCredential): string[] {
	return listOf(relaySecret);
}

export function readVerifyToken({ verifyToken }: WebhookCredential): string {
	const text = String(verifyToken ?? '').trim();
	return isPlaceholder(text) ? '' : text;
}

/** Secrets contain neither commas nor white space, so both separate them. */
function listOf(field: unknown): string[] {
	const parts = typeof field === 'string' ? field.split(/[,\s]+/) : [];
	return parts.filter((part) => part !== '' && !isPlaceholder(part));
}

/** What n8n shows in place of a stored secret. Everybody knows it, so it proves nothing if it was stored itself. */
export function isPlaceholder(text: string): boolean {
	return text.startsWith('__n8n_BLANK_VALUE_');
}
