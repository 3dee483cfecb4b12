import { DEFAULT_GRAPH_VERSION } from '../catalog/graph-version.ts';
import type { Host } from '../catalog/host.ts';
import { LIMITS } from '../catalog/limit.ts';
import type { ReachableAccount } from '../graph/accounts-answer.ts';
import type { AccountTotalsQuery, MediaListQuery } from '../query/insights-query.ts';
import type { AccountAnswer } from './account-answer.ts';
import { resolveAccountId } from './account-id.ts';
import { askAccountTotals } from './account-totals.ts';
import { discoverAccounts } from './accounts.ts';
import type { ClientContext, QuestionOptions } from './client-context.ts';
import type { Clock } from './clock.ts';
import type { MediaPage } from './media-item.ts';
import { readMediaPages } from './media-pages.ts';
import { createMemory } from './memory.ts';
import { createSession, type RequestInfo } from './session.ts';
import type { Transport } from './transport.ts';

export type InsightsClientOptions = {
	readonly host: Host;
	readonly transport: Transport;
	readonly clock: Clock;
	/** Spreads the pauses of retries: a number from 0 to below 1 each time; `Math.random` when left out. */
	readonly random?: (() => number) | undefined;
	/** 'v25.0' when left out. */
	readonly graphVersion?: string | undefined;
	/**
	 * The account to ask. When left out: the token's own on graph.instagram.com; on graph.facebook.com the only account
	 * the token reaches, looked up once.
	 */
	readonly accountId?: string | undefined;
	/** Let metric names pass that the catalog does not know. */
	readonly allowUnknown?: boolean | undefined;
	/** Longest wait for a used-up call budget, in milliseconds, before failing with the time to come back; 0. */
	readonly patienceMs?: number | undefined;
	/** Most times one request is sent; 3. */
	readonly maxAttempts?: number | undefined;
	/** Most requests under way at once; 4. */
	readonly concurrency?: number | undefined;
	/** Media a page; 100, the most Graph gives. */
	readonly pageSize?: number | undefined;
	/** Told of every request as it leaves. */
	readonly onRequest?: ((info: RequestInfo) => void) | undefined;
};

/** Every question, asked of one account through one transport. What it learns of the host it keeps for its life. */
export type InsightsClient = {
	/** Accounts the token reaches. */
	accounts(options?: QuestionOptions): Promise<readonly ReachableAccount[]>;
	accountTotals(query: Omit<AccountTotalsQuery, 'kind'>, options?: QuestionOptions): Promise<AccountAnswer>;
	media(query: Omit<MediaListQuery, 'kind'>, options?: QuestionOptions): AsyncIterable<MediaPage>;
	/** What was sent so far, repetitions included. */
	usage(): { readonly httpRequests: number; readonly metaCalls: number };
};

export function createInsightsClient(options: InsightsClientOptions): InsightsClient {
	const session = createSession({
		host: options.host,
		transport: options.transport,
		clock: options.clock,
		random: options.random ?? Math.random,
		graphVersion: options.graphVersion ?? DEFAULT_GRAPH_VERSION,
		patienceMs: options.patienceMs ?? 0,
		maxAttempts: options.maxAttempts ?? 3,
		onRequest: options.onRequest,
	});
	const memory = createMemory();
	memory.accountId = options.accountId ?? null;
	const context: ClientContext = {
		session,
		memory,
		accountId: (signal) => resolveAccountId(session, memory, signal),
		concurrency: options.concurrency ?? 4,
		pageSize: Math.min(options.pageSize ?? LIMITS.mediaPageMax, LIMITS.mediaPageMax),
		allowUnknown: options.allowUnknown ?? false,
	};
	return {
		accounts: (question) => discoverAccounts(session, question),
		accountTotals: (query, question) => askAccountTotals({ kind: 'account-totals', ...query }, context, question),
		media: (query, question) => readMediaPages({ kind: 'media-list', ...query }, context, question),
		usage: session.usage,
	};
}
