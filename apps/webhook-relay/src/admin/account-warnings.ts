import type { AccountFieldRow } from './admin-store.ts';

/** Something about an account that no error tells: everything answers 200 and yet nothing arrives. */
export type AccountWarning =
	| { kind: 'silent'; accountId: string; lastReceivedAt: number }
	/** Most conversations come as standby: another app (an inbox, a chat bot) is the primary receiver. */
	| { kind: 'standby'; accountId: string; share: number };

const MESSAGING_FIELDS = new Set([
	'messages',
	'message_reactions',
	'messaging_postbacks',
	'messaging_referral',
	'message_edit',
]);
const STANDBY_SHARE = 0.5;
/** Fewer conversations than this prove nothing. */
const STANDBY_MINIMUM = 5;

/**
 * What to warn of.
 *
 * @param options.silenceMs how long an account may be quiet; 0: for ever
 */
export function findWarnings(
	rows: readonly AccountFieldRow[],
	{ now, silenceMs }: { now: number; silenceMs: number },
): readonly AccountWarning[] {
	const byAccount = Map.groupBy(rows, ({ accountId }) => accountId);
	return [...byAccount].flatMap(([accountId, fields]): AccountWarning[] => {
		// The dashboard's tests, and bodies that name no account, fall silent by nature.
		if (accountId === '0' || accountId === '') return [];
		const warnings: AccountWarning[] = [];
		const lastReceivedAt = Math.max(...fields.map((row) => row.lastReceivedAt));
		if (silenceMs > 0 && now - lastReceivedAt > silenceMs) warnings.push({ kind: 'silent', accountId, lastReceivedAt });
		const count = (wanted: (field: string) => boolean) =>
			fields.filter(({ field }) => wanted(field)).reduce((sum, { events }) => sum + events, 0);
		const standby = count((field) => field === 'standby');
		const all = standby + count((field) => MESSAGING_FIELDS.has(field));
		if (all >= STANDBY_MINIMUM && standby / all > STANDBY_SHARE) {
			warnings.push({ kind: 'standby', accountId, share: standby / all });
		}
		return warnings;
	});
}
