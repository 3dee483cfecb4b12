import { HOSTS } from '../../catalog/host.ts';
import { accountIdOf, ProfileAnswer, type ReachableAccount } from '../../graph/accounts-answer.ts';
import { InsightsError } from '../../insights-error.ts';
import { checkAccountId } from '../../query/check-forms.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { refuse } from '../client-context.ts';
import type { Memory } from '../memory.ts';
import type { Session } from '../session/session.ts';
import { discoverAccounts, noAccountReached } from './accounts.ts';

/** A message names so many accounts: an agency's token reaches hundreds. */
const MOST_NAMED = 5;

/**
 * The account to ask: the one the caller named; otherwise the token's own (`me`) on graph.instagram.com, or the only
 * account the token reaches on graph.facebook.com, looked up once.
 *
 * @param any whether any account will do: of several, the first one
 * @throws {InsightsError} `invalid-query`: the caller's id is malformed; the token reaches no account, or several
 */
export async function resolveAccountId(
	{
		session,
		memory,
		named,
	}: { readonly session: Session; readonly memory: Memory; readonly named: string | undefined },
	{ signal, any = false }: QuestionOptions & { readonly any?: boolean } = {},
): Promise<string> {
	if (named !== undefined) {
		refuse(checkAccountId(named, session.host));
		return named;
	}
	if (HOSTS[session.host].loginType === 'instagram') return 'me';
	if (memory.account) return memory.account.id;
	if (any && memory.anyAccountId !== null) return memory.anyAccountId;
	const accounts = await discoverAccounts(session, { signal });
	const [first, second] = accounts;
	if (first && !second) memory.account = first;
	if (first && any) memory.anyAccountId = first.id;
	if (first && (any || !second)) return first.id;
	if (!first) throw noAccountReached(session.host);
	const shown = accounts.slice(0, MOST_NAMED).map(({ id, username }) => (username ? `${username} (${id})` : id));
	const others = accounts.length - shown.length;
	const names = `${shown.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
	const message = `The token reaches ${accounts.length} Instagram accounts: ${names}`;
	throw new InsightsError('invalid-query', message, {
		advice: 'Choose one of these accounts.',
		problems: [{ field: 'account', reason: 'several-accounts', message }],
	});
}

/**
 * The account that is asked, with its user name. Costs at most one small request per client.
 *
 * @throws {InsightsError} as any request; `invalid-query`: the token reaches no account, or several
 */
export async function identifyAccount(
	{ session, memory, accountId }: Pick<ClientContext, 'session' | 'memory' | 'accountId'>,
	{ signal }: QuestionOptions = {},
): Promise<ReachableAccount> {
	const path = `/${await accountId(signal)}`;
	if (memory.account === null) {
		const fields = HOSTS[session.host].loginType === 'instagram' ? 'user_id,username' : 'id,username';
		const what = `profile of ${accountInWords(path.slice(1))}`;
		const { data } = await session.ask({ method: 'GET', path, query: { fields } }, ProfileAnswer, { what, signal });
		const { username } = data;
		memory.account = {
			id: accountIdOf(data) ?? path.slice(1),
			...(typeof username === 'string' ? { username } : {}),
		};
	}
	return memory.account;
}

/** How messages name the account of a path. */
export function accountInWords(accountId: string): string {
	return accountId === 'me' ? "the token's own account" : `account ${accountId}`;
}
