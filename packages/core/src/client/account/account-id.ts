import { HOSTS } from '../../catalog/host.ts';
import { InsightsError } from '../../insights-error.ts';
import type { Memory } from '../memory.ts';
import type { Session } from '../session/session.ts';
import { discoverAccounts } from './accounts.ts';

/**
 * The account to ask: the one the caller named; else the token's own (`me`) on graph.instagram.com; else, on
 * graph.facebook.com, the only account the token reaches, looked up once.
 *
 * @throws {InsightsError} `invalid-query`: the token reaches no account, or several
 */
export async function resolveAccountId(session: Session, memory: Memory, signal?: AbortSignal): Promise<string> {
	if (memory.accountId !== null) return memory.accountId;
	if (HOSTS[session.host].loginType === 'instagram') return 'me';
	const accounts = await discoverAccounts(session, { signal });
	const [only, second] = accounts;
	if (only && !second) {
		memory.accountId = only.id;
		return only.id;
	}
	if (!only) {
		throw new InsightsError('invalid-query', 'The token reaches no Instagram professional account', {
			advice:
				'Link the account to a Facebook Page, give the person behind the token a role on that Page, and grant pages_show_list; or name the account id.',
		});
	}
	const names = accounts.map(({ id, username }) => (username ? `${username} (${id})` : id)).join(', ');
	const message = `The token reaches ${accounts.length} Instagram accounts: ${names}`;
	throw new InsightsError('invalid-query', message, {
		advice: 'Name the account to ask.',
		problems: [{ field: 'account', reason: 'several-accounts', message }],
	});
}

/** What a message calls the account of a path. */
export function accountInWords(accountId: string): string {
	return accountId === 'me' ? "the token's own account" : `account ${accountId}`;
}
