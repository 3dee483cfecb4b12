import { HOSTS } from '../catalog/host.ts';
import { AccountsAnswer, type ReachableAccount, reachableAccounts } from '../graph/accounts-answer.ts';
import { nextCursor } from '../graph/cursor.ts';
import { accountIdOf, ProfileAnswer } from '../graph/profile-answer.ts';
import type { QuestionOptions } from './client-context.ts';
import type { Session } from './session.ts';

const PAGE_SIZE = '100';

/**
 * The professional accounts a token reaches: its own on graph.instagram.com, those behind its Facebook Pages on
 * graph.facebook.com (page by page until the end). An account linked to several Pages comes once.
 */
export async function discoverAccounts(session: Session, options: QuestionOptions = {}): Promise<ReachableAccount[]> {
	const { loginType, discovery } = HOSTS[session.host];
	const what = 'accounts of the token';
	const { signal } = options;
	if (loginType === 'instagram') {
		const query = { fields: 'user_id,username,name,account_type' };
		const request = { method: 'GET', path: discovery.path, query } as const;
		const { data } = await session.ask(request, ProfileAnswer, { what, signal });
		const id = accountIdOf(data);
		const { username, name } = data;
		if (id === undefined) return [];
		return [
			{
				id,
				...(typeof username === 'string' ? { username } : {}),
				...(typeof name === 'string' ? { name } : {}),
			},
		];
	}
	const found = new Map<string, ReachableAccount>();
	const seen = new Set<string>();
	let after: string | null = null;
	do {
		const fields = 'id,name,instagram_business_account{id,username,name}';
		const query = { fields, limit: PAGE_SIZE, ...(after === null ? {} : { after }) };
		const request = { method: 'GET', path: discovery.path, query } as const;
		const { data } = await session.ask(request, AccountsAnswer, { what, signal });
		for (const account of reachableAccounts(data)) if (!found.has(account.id)) found.set(account.id, account);
		after = nextCursor(data.paging, seen);
		if (after !== null) seen.add(after);
	} while (after !== null);
	return [...found.values()];
}
