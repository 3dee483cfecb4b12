import {
	type Host,
	type InsightsClient,
	noAccountReached,
	type ReachableAccount,
} from '@instagram-insights/core/internal';
import { AUTHENTICATIONS, type Authentication, isAuthentication } from '../../graph/authentication';
import type { ClientRequest } from '../../graph/openClient';
import { ALL_ACCOUNTS, OWN_ACCOUNT, readAccountId } from '../../panel/account';
import { type CallOptions, readCallOptions } from '../../panel/options';
import { wrongSetting } from '../../panel/wrongSetting';
import { type Owner, ownerOf } from '../../rows/columns';
import { readOutput } from '../descriptions/output';
import type { HintId } from '../output/hints';

/** One input item as operations see it: its parameters, and access to n8n and Meta. */
export type Item = {
	readonly index: number;
	readonly authentication: Authentication;
	readonly host: Host;
	readonly now: Date;
	/** The workflow's time zone, such as `Europe/Berlin`. */
	readonly timeZone: string;
	/** Aborts when the execution is stopped; undefined if n8n has none. */
	readonly signal: AbortSignal | undefined;
	/** Whether to return simplified rows. */
	readonly simplify: boolean;
	/** The columns an AI agent asked for; null for all. */
	readonly columns: readonly string[] | null;
	/** The Options collection. */
	readonly options: Readonly<Record<string, unknown>>;
	/** The value of a parameter for this item, with expressions resolved; `fallback` if the panel hides it. */
	parameter(name: string, fallback?: unknown): unknown;
	/** The client for the chosen account. Items with the same choices share one. */
	client(): Promise<InsightsClient>;
	/** If *All accounts* is chosen: reads the accounts, each as its own item. Null for one account. */
	everyAccount(): (() => Promise<readonly AccountItem[]>) | null;
	/** The account that the rows belong to. Asked for once per client, after the numbers. */
	owner(): Promise<Owner>;
	/** Show a hint about the run, once. */
	hint(id: HintId, detail?: string): void;
	/** Write the progress of a long run to n8n's log. */
	progress(message: string): void;
};

/** An item for one of all accounts. */
export type AccountItem = Item & { readonly account: ReachableAccount };

/** What all items of a run share. */
export type Run = {
	readonly now: Date;
	readonly timeZone: string;
	readonly signal: AbortSignal | undefined;
	parameter(name: string, index: number, fallback: unknown): unknown;
	client(request: ClientRequest): Promise<InsightsClient>;
	hint(id: HintId, detail?: string): void;
	progress(message: string): void;
};

/**
 * @throws {InsightsError} `invalid-query`: unknown authentication
 */
export function itemOf(run: Run, index: number): Item {
	const parameter = (name: string, fallback: unknown = undefined) => run.parameter(name, index, fallback);
	const authentication = readAuthentication(parameter('authentication', 'instagramLogin'));
	const options = readCollection(parameter('options', {}));
	const call: CallOptions = readCallOptions(options);
	const accountId = () => readAccountId(parameter('account', OWN_ACCOUNT));
	const client = () => run.client({ authentication, accountId: accountId(), call });
	const item: Item = {
		index,
		authentication,
		host: AUTHENTICATIONS[authentication].host,
		now: run.now,
		timeZone: run.timeZone,
		signal: run.signal,
		...readOutput(parameter),
		options,
		parameter,
		client,
		owner: async () => ownerOf(await client(), accountId(), run.signal),
		everyAccount: () => (accountId() === ALL_ACCOUNTS ? everyAccount : null),
		hint: (id, detail) => run.hint(id, detail),
		progress: (message) => run.progress(message),
	};
	/** One client for all, so that they share its pace. */
	async function everyAccount(): Promise<readonly AccountItem[]> {
		const all = await run.client({ authentication, together: true, call });
		const accounts = await all.accounts({ signal: run.signal });
		if (accounts.length === 0) throw noAccountReached(AUTHENTICATIONS[authentication].host);
		return accounts.map((account) => {
			const ofAccount = all.forAccount(account);
			const owner = { account_id: account.id, username: account.username ?? null, gaps: [] };
			return {
				...item,
				account,
				client: () => Promise.resolve(ofAccount),
				owner: () => Promise.resolve(owner),
				everyAccount: () => null,
			};
		});
	}
	return item;
}

function readAuthentication(value: unknown): Authentication {
	if (isAuthentication(value)) return value;
	const names = Object.keys(AUTHENTICATIONS).join(', ');
	throw wrongSetting('authentication', value, `Unknown authentication "${String(value)}". Choose one of ${names}.`);
}

function readCollection(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
