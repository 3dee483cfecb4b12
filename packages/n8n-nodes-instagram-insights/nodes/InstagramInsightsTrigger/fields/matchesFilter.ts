/** Value of the choice that stands for every field, those of tomorrow included. */
export const ALL_FIELDS = '*';

/** Value of the choice of messages along with what may become of them. */
export const MESSAGE_GROUP = 'messageEvents';
/** What it stands for. Echoes are left out: a workflow that answers messages would start itself. */
export const MESSAGE_FIELDS = ['messages', 'message_edit', 'message_reactions'] as const;

/** Value of the choice of fields that a list of its own names. */
export const OTHER_FIELDS = 'otherFields';

export type EventFilter = {
	/** Meta's field names, or {@link ALL_FIELDS} among them for every field. */
	readonly fields: readonly string[];
	/** Ids of the accounts to listen to; none: every account of the app. */
	readonly accounts: readonly string[];
};

/**
 * Whether an event is one the user asked for. An app gets the events of all its accounts and of all its fields, whatever
 * single accounts subscribed to, so this has to be decided here. Samples belong to no account, and the person who presses the Test
 * button wants to see something happen: they pass for every account.
 */
export function matchesFilter(
	event: { readonly field: string; readonly accountId: string; readonly sample: boolean },
	{ fields, accounts }: EventFilter,
): boolean {
	if (!fields.includes(ALL_FIELDS) && !fields.includes(event.field)) return false;
	return accounts.length === 0 || event.sample || accounts.includes(event.accountId);
}
