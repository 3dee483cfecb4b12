import { DEFAULT_GRAPH_VERSION } from '../catalog/graph-version.ts';
import type { Host } from '../catalog/host.ts';
import { LIMITS } from '../catalog/limit.ts';
import type { ReachableAccount } from '../graph/accounts-answer.ts';
import type { MediaFields } from '../graph/media-answer.ts';
import type {
	AccountCompareQuery,
	AccountDailyQuery,
	AccountTotalsQuery,
	AudienceQuery,
	MediaInsightsQuery,
	MediaListQuery,
	OnlineFollowersQuery,
	OthersMediaQuery,
	StoryListQuery,
} from '../query/insights-query.ts';
import type { AccountAnswer } from './account/account-answer.ts';
import { askAccountDaily, type DayAnswer, readAccountDays } from './account/account-days.ts';
import { identifyAccount, resolveAccountId } from './account/account-id.ts';
import { askAccountTotals } from './account/account-totals.ts';
import { discoverAccounts } from './account/accounts.ts';
import { askAudience, askOnlineFollowers } from './account/audience.ts';
import { type Comparison, comparePeriods } from './account/compare.ts';
import { type Profile, readMediaById, readProfile } from './account/profile.ts';
import type { ClientContext, QuestionOptions } from './client-context.ts';
import { readMediaInsights } from './media/media-insights.ts';
import type { MediaPage, MediaReading } from './media/media-item.ts';
import { readMediaPages, readOthersMedia, readStories } from './media/media-pages.ts';
import { createMemory } from './memory.ts';
import {
	type OtherAccount,
	type OtherMediaPage,
	type OtherMediaQuery,
	readOtherAccount,
	readOtherMedia,
} from './other-account.ts';
import type { Clock, Transport } from './ports.ts';
import { createSession, type RequestInfo, type Session } from './session/session.ts';

/** What a client is made of: host, way out and clock are the caller's; everything else has a default. */
export type InsightsClientOptions = {
	readonly host: Host;
	readonly transport: Transport;
	readonly clock: Clock;
	/** Spreads the pauses of retries: a number from 0 to below 1 each time; `Math.random` when left out. */
	readonly random?: (() => number) | undefined;
	/** `DEFAULT_GRAPH_VERSION` when left out. */
	readonly graphVersion?: string | undefined;
	/**
	 * The account to ask. When left out: the token's own on graph.instagram.com; on graph.facebook.com the only account
	 * the token reaches, looked up once.
	 */
	readonly accountId?: string | undefined;
	/** Let metric names pass that the catalog does not know. */
	readonly allowUnknown?: boolean | undefined;
	/**
	 * IANA zone of the people who ask: its today may be asked for, and is left out with a note while it has not begun in
	 * California. California's when left out.
	 */
	readonly timeZone?: string | undefined;
	/** Longest wait for a used-up call budget, in milliseconds, before failing with the time to come back; 0. */
	readonly patienceMs?: number | undefined;
	/** Most times one request is sent; 3. */
	readonly maxAttempts?: number | undefined;
	/** Most requests under way at once; 4. */
	readonly concurrency?: number | undefined;
	/** Media a page; 100, the most Graph gives. */
	readonly pageSize?: number | undefined;
	/**
	 * List a page plainly before its insights are asked for, from the first page on. Left out, that begins with the first
	 * refusal that a medium's kind explains, which is cheaper unless the account is known to have ads among its media.
	 */
	readonly listFirst?: boolean | undefined;
	/** Called for every request as it leaves. */
	readonly onRequest?: ((info: RequestInfo) => void) | undefined;
};

type Without<Query> = Omit<Query, 'kind'>;
type FieldOptions = QuestionOptions & { readonly fields?: readonly string[] | undefined };

/** Every question, asked of one account through one transport. What it learns of the host it keeps for its life. */
export type InsightsClient = {
	/** The account as it is now. */
	profile(options?: FieldOptions): Promise<Profile>;
	/** Which account is asked: its id and user name, looked up at most once. */
	account(options?: QuestionOptions): Promise<ReachableAccount>;
	/** Accounts the token reaches. */
	accounts(options?: QuestionOptions): Promise<readonly ReachableAccount[]>;
	/** One number or one list of buckets a metric, for a range of days. */
	accountTotals(query: Without<AccountTotalsQuery>, options?: QuestionOptions): Promise<AccountAnswer>;
	/** One series a metric. */
	accountDaily(query: Without<AccountDailyQuery>, options?: QuestionOptions): Promise<AccountAnswer>;
	/** The same day by day, newest first, each day usable before the next is read. */
	accountDays(query: Without<AccountDailyQuery>, options?: QuestionOptions): AsyncIterable<DayAnswer>;
	audience(query: Without<AudienceQuery>, options?: QuestionOptions): Promise<AccountAnswer>;
	onlineFollowers(query?: Without<OnlineFollowersQuery>, options?: QuestionOptions): Promise<AccountAnswer>;
	/** This period beside an earlier one. */
	compare(query: Without<AccountCompareQuery>, options?: QuestionOptions): Promise<readonly Comparison[]>;
	/** Posts and reels, newest first, page by page. */
	media(query?: Without<MediaListQuery>, options?: QuestionOptions): AsyncIterable<MediaPage>;
	mediaById(id: string, options?: FieldOptions): Promise<MediaFields>;
	/** One item per medium, in the order asked. */
	mediaInsights(query: Without<MediaInsightsQuery>, options?: QuestionOptions): AsyncIterable<MediaReading>;
	/** Stories of the last 24 hours. */
	stories(query?: Without<StoryListQuery>, options?: QuestionOptions): AsyncIterable<MediaPage>;
	/** Media of others in which the account is tagged, or a collaborator, newest first, page by page. */
	othersMedia(query: Without<OthersMediaQuery>, options?: QuestionOptions): AsyncIterable<MediaPage>;
	/** Another professional account's public profile and its `posts` latest posts, by user name; Facebook Login only. */
	otherAccount(username: string, options?: QuestionOptions & { readonly posts?: number }): Promise<OtherAccount>;
	/** Another professional account's posts, newest first, page by page; Facebook Login only. */
	otherMedia(query: OtherMediaQuery, options?: QuestionOptions): AsyncIterable<OtherMediaPage>;
	/** The same questions about another account the token reaches; both share the pace, and count what they send together. */
	forAccount(account: ReachableAccount): InsightsClient;
	/** What was sent so far, repetitions included. */
	usage(): { readonly httpRequests: number; readonly metaCalls: number };
};

/** A client for one account. It sends nothing until asked, and keeps no connection of its own. */
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
	return clientOf(options, session, null);
}

/** @param account known already, so that nothing is asked to find it */
function clientOf(options: InsightsClientOptions, session: Session, account: ReachableAccount | null): InsightsClient {
	const memory = createMemory();
	memory.account = account;
	const named = account?.id ?? options.accountId;
	const context: ClientContext = {
		session,
		memory,
		accountId: (signal) => resolveAccountId({ session, memory, named }, signal),
		concurrency: options.concurrency ?? 4,
		pageSize: Math.max(1, Math.min(Math.floor(options.pageSize ?? LIMITS.mediaPageMax) || 1, LIMITS.mediaPageMax)),
		allowUnknown: options.allowUnknown ?? false,
		listFirst: options.listFirst ?? false,
		timeZone: options.timeZone,
	};
	return {
		profile: ({ fields, ...question } = {}) => readProfile({ kind: 'profile', fields }, context, question),
		account: (question) => identifyAccount(context, question),
		accounts: (question) => discoverAccounts(session, question),
		accountTotals: (query, question) => askAccountTotals({ kind: 'account-totals', ...query }, context, question),
		accountDaily: (query, question) => askAccountDaily({ kind: 'account-daily', ...query }, context, question),
		accountDays: (query, question) => readAccountDays({ kind: 'account-daily', ...query }, context, question),
		audience: (query, question) => askAudience({ kind: 'audience', ...query }, context, question),
		onlineFollowers: (query, question) => askOnlineFollowers({ kind: 'online-followers', ...query }, context, question),
		compare: (query, question) => comparePeriods({ kind: 'account-compare', ...query }, context, question),
		media: (query, question) => readMediaPages({ kind: 'media-list', ...query }, context, question),
		mediaById: (id, question = {}) => readMediaById(id, question, context, question),
		mediaInsights: (query, question) => readMediaInsights({ kind: 'media-insights', ...query }, context, question),
		stories: (query, question) => readStories({ kind: 'story-list', ...query }, context, question),
		othersMedia: (query, question) => readOthersMedia({ kind: 'others-media', ...query }, context, question),
		otherAccount: (username, { posts = 0, ...question } = {}) => readOtherAccount(username, posts, context, question),
		otherMedia: (query, question) => readOtherMedia(query, context, question),
		forAccount: (other) => clientOf(options, session, other),
		usage: session.usage,
	};
}
