import { ALL_FIELDS } from './webhookFields';

export type EventFilter = {
	/** Meta's field names, or {@link ALL_FIELDS} among them for every field. */
	readonly fields: readonly string[];
	/** Ids of the accounts to listen to; none: every account of the app. */
	readonly accounts: readonly string[];
};

/** Under this account the App Dashboard sends its samples. */
const DASHBOARD_ACCOUNT = '0';

/**
 * Whether an event is one the user asked for. An app gets the events of all its accounts and of all its fields, whatever
 * single accounts subscribed to, so this has to be decided here.
 *
 * @param listening the editor waits for a test event: samples of the App Dashboard pass for every account
 */
export function matchesFilter(
	event: { readonly field: string; readonly accountId: string },
	{ fields, accounts }: EventFilter,
	{ listening }: { readonly listening: boolean },
): boolean {
	if (!fields.includes(ALL_FIELDS) && !fields.includes(event.field)) return false;
	if (accounts.length === 0 || accounts.includes(event.accountId)) return true;
	return listening && event.accountId === DASHBOARD_ACCOUNT;
}
