import { HOSTS, type Host } from '../../catalog/host.ts';
import {
	AccountsAnswer,
	accountIdOf,
	namedFacts,
	PageAnswer,
	ProfileAnswer,
	type ReachableAccount,
	reachableAccounts,
} from '../../graph/accounts-answer.ts';
import { nextCursor } from '../../graph/read-answer.ts';
import { type Absence, absenceOf } from '../../insight/insight.ts';
import { InsightsError, isInsightsError } from '../../insights-error.ts';
import type { QuestionOptions } from '../client-context.ts';
import { concernsAll } from '../session/batch.ts';
import type { Session } from '../session/session.ts';

const PAGE_SIZE = '100';
const NAMED_FIELDS = 'username,name,followers_count,media_count';
const WHAT = "the token's accounts";

export type AccountsOptions = QuestionOptions & {
	/** Also ask for the business portfolio of each Page. Costs a second request only if Meta refuses the field. */
	readonly portfolios?: boolean;
};

/** An account of the list. Where portfolios were asked for, each has its portfolio, or the reason why not. */
export type ListedAccount = ReachableAccount & { readonly noPortfolio?: Absence };

/**
 * The professional accounts a token reaches: its own on graph.instagram.com, those behind its Facebook Pages on
 * graph.facebook.com (page by page until the end; a Page's own token reaches that one). An account linked to several Pages is
 * listed once.
 */
export async function discoverAccounts(session: Session, options: AccountsOptions = {}): Promise<ListedAccount[]> {
	const { loginType, discovery } = HOSTS[session.host];
	const { signal, portfolios = false } = options;
	if (loginType === 'instagram') {
		const query = { fields: `user_id,account_type,${NAMED_FIELDS}` };
		const request = { method: 'GET', path: discovery.path, query } as const;
		const { data } = await session.ask(request, ProfileAnswer, { what: WHAT, signal });
		const id = accountIdOf(data);
		return id === undefined ? [] : explained([{ id, ...namedFacts(data) }], portfolios ? ONLY_PAGES : undefined);
	}
	if (!portfolios) return behindPages(session, PAGE_FIELDS, options);
	try {
		return explained(await behindPages(session, `${PAGE_FIELDS},${PORTFOLIO_FIELD}`, options), NO_PORTFOLIO);
	} catch (error) {
		// One field that the token may not read refuses the whole list.
		if (!isInsightsError(error) || error.graph === undefined || concernsAll(error)) throw error;
		return explained(await behindPages(session, PAGE_FIELDS, options), absenceOf(error));
	}
}

const PAGE_FIELDS = `id,name,instagram_business_account{id,${NAMED_FIELDS}}`;

/** "Requires business_management permissions" (reference of the node Page, read 2026-11-27); refused with code 200 without it. */
const PORTFOLIO_FIELD = 'business{id,name}';

const ONLY_PAGES: Absence = { reason: 'unsupported', message: 'Instagram Login has no Pages and no portfolios.' };
const NO_PORTFOLIO: Absence = { reason: 'no-data', message: 'Meta names no business portfolio for the Page.' };

function explained(accounts: readonly ReachableAccount[], noPortfolio: Absence | undefined): ListedAccount[] {
	return accounts.map((account) =>
		noPortfolio === undefined || account.portfolio !== undefined ? account : { ...account, noPortfolio },
	);
}

async function behindPages(session: Session, fields: string, options: QuestionOptions): Promise<ReachableAccount[]> {
	try {
		return await listPages(session, fields, options);
	} catch (error) {
		// The token of a Page cannot list Pages: read its own Page.
		if (isInsightsError(error) && error.kind === 'unsupported-field') return ownPage(session, fields, options);
		throw error;
	}
}

async function listPages(session: Session, fields: string, { signal }: QuestionOptions): Promise<ReachableAccount[]> {
	const { path } = HOSTS[session.host].discovery;
	const found = new Map<string, ReachableAccount>();
	const seen = new Set<string>();
	const pages = new Set<string>();
	let after: string | null = null;
	do {
		const query: Record<string, string> = {
			fields,
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

async function ownPage(session: Session, fields: string, { signal }: QuestionOptions): Promise<ReachableAccount[]> {
	const request = { method: 'GET', path: '/me', query: { fields } } as const;
	const { data: page } = await session.ask(request, PageAnswer, { what: WHAT, signal });
	return reachableAccounts({ data: [page], paging: null });
}

/** What to do if a token lists no account: Meta silently leaves out accounts for which a permission or a role is missing. */
export function noAccountReached(host: Host): InsightsError {
	const { discovery, viaBusinessManager } = HOSTS[host].permissions;
	return new InsightsError('invalid-query', 'The token reaches no Instagram professional account', {
		advice: `Link the account to a Facebook Page, connect again, select the Page and grant ${discovery?.join(', ')} (in a business portfolio also ${viaBusinessManager.join(', ')}). Or enter the account ID.`,
	});
}
