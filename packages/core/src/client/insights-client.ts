import { DEFAULT_GRAPH_VERSION } from '../catalog/graph-version.ts';
import type { Host } from '../catalog/host.ts';
import { LIMITS } from '../catalog/limit.ts';
import type { ReachableAccount } from '../graph/accounts-answer.ts';
import type { MediaFields } from '../graph/media-answer.ts';
import type { Comparison } from '../insight/compare-posts.ts';
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
import { type AccountsOptions, discoverAccounts, type ListedAccount } from './account/accounts.ts';
import { askAudience, askOnlineFollowers } from './account/audience.ts';
import { comparePeriods } from './account/compare.ts';
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

/** Options of a client. Host, transport and clock are required; everything else has a default. */
export type InsightsClientOptions = {
	readonly host: Host;
	readonly transport: Transport;
	readonly clock: Clock;
	/** Spreads the pauses between retries: returns a number from 0 to below 1; `Math.random` by default. */
	readonly random?: (() => number) | undefined;
	/** `DEFAULT_GRAPH_VERSION` when left out. */
	readonly graphVersion?: string | undefined;
	/**
	 * The account to ask. When left out: the token's own on graph.instagram.com; on graph.facebook.com the only account
	 * the token reaches, looked up once.
	 */
	readonly accountId?: string | undefined;
	/** Allow metric names that the catalog does not know. */
	readonly allowUnknown?: boolean | undefined;
	/**
	 * IANA zone of the caller. A range may end with today in this zone; that day is left out with a note while it has not
	 * begun in California. California's zone by default.
	 */
	readonly timeZone?: string | undefined;
	/** Longest wait for a used-up call limit, in milliseconds, before failing with the time to retry; 0 by default. */
	readonly patienceMs?: number | undefined;
	/** Most times one request is sent; 3 by default. */
	readonly maxAttempts?: number | undefined;
	/** Most requests at the same time; 4 by default. */
	readonly concurrency?: number | undefined;
	/** Media per page; 100 by default, the most Graph allows. */
	readonly pageSize?: number | undefined;
	/**
	 * List each page without insights first, from the first page on. By default this starts with the first refusal that the
	 * type of a media item explains, which is cheaper unless the account is known to have ads among its media.
	 */
	readonly listFirst?: boolean | undefined;
	/** Called for every request as it leaves. */
	readonly onRequest?: ((info: RequestInfo) => void) | undefined;
};

type Without<Query> = Omit<Query, 'kind'>;
type FieldOptions = QuestionOptions & { readonly fields?: readonly string[] | undefined };

/** All questions about one account, through one transport. A client remembers what it learns about its host. */
export type InsightsClient = {
	/** The account as it is now. */
	profile(options?: FieldOptions): Promise<Profile>;
	/** Which account is asked: its id and user name, looked up at most once. */
	account(options?: QuestionOptions): Promise<ReachableAccount>;
	/** Accounts the token reaches, with the business portfolios of their Pages if asked for. */
	accounts(options?: AccountsOptions): Promise<readonly ListedAccount[]>;
	/** One number or one list of buckets per metric, for a range of days. */
	accountTotals(query: Without<AccountTotalsQuery>, options?: QuestionOptions): Promise<AccountAnswer>;
	/** One series per metric. */
	accountDaily(query: Without<AccountDailyQuery>, options?: QuestionOptions): Promise<AccountAnswer>;
	/** The same as `accountDaily`, one day after the other, newest first. Use each day before the next is read. */
	accountDays(query: Without<AccountDailyQuery>, options?: QuestionOptions): AsyncIterable<DayAnswer>;
	/** Who the audience is: one list of buckets per metric. */
	audience(query: Without<AudienceQuery>, options?: QuestionOptions): Promise<AccountAnswer>;
	/** How many followers were online, by hour and day. */
	onlineFollowers(query?: Without<OnlineFollowersQuery>, options?: QuestionOptions): Promise<AccountAnswer>;
	/** This period compared with an earlier one. */
	compare(query: Without<AccountCompareQuery>, options?: QuestionOptions): Promise<readonly Comparison[]>;
	/** Posts and reels, newest first, page by page. */
	media(query?: Without<MediaListQuery>, options?: QuestionOptions): AsyncIterable<MediaPage>;
	/** One post, reel or story by its ID, without numbers. */
	mediaById(id: string, options?: FieldOptions): Promise<MediaFields>;
	/** The numbers of posts by their IDs: one item per post, in the order asked. */
	mediaInsights(query: Without<MediaInsightsQuery>, options?: QuestionOptions): AsyncIterable<MediaReading>;
	/** Stories of the last 24 hours. */
	stories(query?: Without<StoryListQuery>, options?: QuestionOptions): AsyncIterable<MediaPage>;
	/** Media of others in which the account is tagged, or a collaborator, newest first, page by page. */
	othersMedia(query: Without<OthersMediaQuery>, options?: QuestionOptions): AsyncIterable<MediaPage>;
	/** Another professional account's public profile and its `posts` latest posts, by user name; Facebook Login only. */
	otherAccount(username: string, options?: QuestionOptions & { readonly posts?: number }): Promise<OtherAccount>;
	/** Another professional account's posts, newest first, page by page; Facebook Login only. */
	otherMedia(query: OtherMediaQuery, options?: QuestionOptions): AsyncIterable<OtherMediaPage>;
	/**
	 * The same questions about another account of the token. Both clients share the app's pace and the usage counts; each
	 * account has its own call limit.
	 */
	forAccount(account: ReachableAccount): InsightsClient;
	/** What was sent so far, retries included. */
	usage(): { readonly httpRequests: number; readonly metaCalls: number };
};

/** A client for one account. It sends nothing until a question is asked and opens no connection of its own. */
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

/** @param account already known, so it need not be looked up */
function clientOf(options: InsightsClientOptions, session: Session, account: ReachableAccount | null): InsightsClient {
	const memory = createMemory();
	memory.account = account;
	const named = account?.id ?? options.accountId;
	const context: ClientContext = {
		session,
		memory,
		accountId: (signal) => resolveAccountId({ session, memory, named }, { signal }),
		anyAccountId: (signal) => resolveAccountId({ session, memory, named }, { signal, any: true }),
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
		forAccount: (other) => clientOf(options, session.ofAnotherAccount(), other),
		usage: session.usage,
	};
}
