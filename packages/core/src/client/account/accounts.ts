import { HOSTS, type Host } from '../../catalog/host.ts';
import {
	AccountsAnswer,
	accountIdOf,
	namedFacts,
	ProfileAnswer,
	type ReachableAccount,
	reachableAccounts,
} from '../../graph/accounts-answer.ts';
import { nextCursor } from '../../graph/read-answer.ts';
import { InsightsError, isInsightsError } from '../../insights-error.ts';
import type { QuestionOptions } from '../client-context.ts';
import type { Session } from '../session/session.ts';

const PAGE_SIZE = '100';
const NAMED_FIELDS = 'username,name,followers_count,media_count';
const WHAT = 'accounts of the token';

/**
 * The professional accounts a token reaches: its own on graph.instagram.com, those behind its Facebook Pages on
 * graph.facebook.com (page by page until the end; a Page's own token reaches that one). An account linked to several Pages is listed once.
 */
export async function discoverAccounts(session: Session, options: QuestionOptions = {}): Promise<ReachableAccount[]> {
	const { loginType, discovery } = HOSTS[session.host];
	const { signal } = options;
	if (loginType === 'instagram') {
		const query = { fields: `user_id,account_type,${NAMED_FIELDS}` };
		const request = { method: 'GET', path: discovery.path, query } as const;
		const { data } = await session.ask(request, ProfileAnswer, { what: WHAT, signal });
		const id = accountIdOf(data);
		return id === undefined ? [] : [{ id, ...namedFacts(data) }];
	}
	try {
		return await listPages(session, options);
	} catch (error) {
		// The token of a Page has no list of Pages: it stands for its Page.
		if (isInsightsError(error) && error.kind === 'unsupported-field') return ownPage(session, options);
		throw error;
	}
}

const PAGE_FIELDS = `id,name,instagram_business_account{id,${NAMED_FIELDS}}`;

async function listPages(session: Session, { signal }: QuestionOptions): Promise<ReachableAccount[]> {
	const { path } = HOSTS[session.host].discovery;
	const found = new Map<string, ReachableAccount>();
	const seen = new Set<string>();
	const pages = new Set<string>();
	let after: string | null = null;
	do {
		const query: Record<string, string> = {
			fields: PAGE_FIELDS,
			limit: PAGE_SIZE,
			...(after === null ? {} : { after }),
		};
		const request = { method: 'GET', path, query } as const;
		const { data } = await session.ask(request, AccountsAnswer, { what: WHAT, signal });
		for (const account of reachableAccounts(data)) if (!found.has(account.id)) found.set(account.id, account);
		const known = pages.size;
		for (const { id } of data.data) pages.add(id);
		// A page without new items means that the list has started again.
		const isRound: boolean = data.data.length > 0 && pages.size === known;
		after = isRound ? null : nextCursor(data.paging, seen);
		if (after !== null) seen.add(after);
	} while (after !== null);
	return [...found.values()];
}

async function ownPage(session: Session, { signal }: QuestionOptions): Promise<ReachableAccount[]> {
	const request = { method: 'GET', path: '/me', query: { fields: PAGE_FIELDS } } as const;
	const { data: page } = await session.ask(request, AccountsAnswer.shape.data.element, { what: WHAT, signal });
	return reachableAccounts({ data: [page], paging: null });
}

/** What to do if a token lists no account: Meta silently leaves out accounts for which a permission or a role is missing. */
export function noAccountReached(host: Host): InsightsError {
	const { discovery, viaBusinessManager } = HOSTS[host].permissions;
	return new InsightsError('invalid-query', 'The token reaches no Instagram professional account', {
		advice: `Link the account to a Facebook Page and give the owner of the token a role on that Page. Then connect again, select the Page and grant ${discovery?.join(', ')}; if a business portfolio owns the Page, also grant ${viaBusinessManager.join(', ')}. Or enter the account ID.`,
	});
}
