import { NOT_PUBLIC_ADVICE } from '../catalog/graph-error-code.ts';
import { HOSTS } from '../catalog/host.ts';
import { DiscoveryAnswer } from '../graph/accounts-answer.ts';
import { fieldsOf, type MediaFields, publishedAt } from '../graph/media-answer.ts';
import { withoutPagingLinks } from '../graph/read-answer.ts';
import { InsightsError, type QueryProblem } from '../insights-error.ts';
import { checkLimit } from '../query/check-forms.ts';
import { problem } from '../query/query-problem.ts';
import type { Profile } from './account/profile.ts';
import { type ClientContext, type QuestionOptions, refuse } from './client-context.ts';

/** The public profile and the latest posts of another professional account. */
export type OtherAccount = {
	/** Graph's own field names. A field that is empty or hidden is missing. */
	readonly profile: Profile;
	/** Newest first. */
	readonly media: readonly MediaFields[];
};

/** Which of another account's posts to read, newest first. */
export type OtherMediaQuery = {
	/** The user name, with or without @, or a link to the profile. */
	readonly username: string;
	/** Published at this instant or later. */
	readonly since?: Date | undefined;
	/** Published before this instant. */
	readonly until?: Date | undefined;
	/** Most posts to return; all of them when left out. */
	readonly limit?: number | undefined;
};

/** A page of another account's posts, available before the next page is read. */
export type OtherMediaPage = { readonly accountId: string; readonly media: readonly MediaFields[] };

const PROFILE_FIELDS = [
	...['id', 'username', 'name', 'biography', 'website', 'profile_picture_url'],
	...['followers_count', 'follows_count', 'media_count'],
];
/** Only reels have `view_count`. */
const MEDIA_FIELDS = [
	...['id', 'media_type', 'media_product_type', 'timestamp', 'permalink', 'caption'],
	...['like_count', 'comments_count', 'view_count', 'media_url', 'thumbnail_url'],
];
const PAGE_SIZE = 50;

/**
 * The public profile and the latest posts of another professional account, in one request. Facebook Login only; it
 * takes no permission beyond those of insights.
 *
 * @param posts how many of the latest posts come along, at most 50
 * @throws {InsightsError} `invalid-query` before anything is sent; `not-found` for personal, age-gated and unknown accounts
 */
export async function readOtherAccount(
	username: string,
	posts: number,
	context: ClientContext,
	options: QuestionOptions = {},
): Promise<OtherAccount> {
	const { media, ...profile } = await discover(readUsername(username), { limit: posts, after: null }, context, options);
	const fields = Object.entries(profile).map(([name, value]) => [name, withoutPagingLinks(value)] as const);
	return { profile: Object.fromEntries(fields), media: (media?.data ?? []).map(fieldsOf) };
}

/**
 * The posts of another professional account, newest first, page by page. Each post is returned once, even if
 * the list changes while it is read.
 *
 * @throws {InsightsError} as {@link readOtherAccount}
 */
export async function* readOtherMedia(
	query: OtherMediaQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): AsyncGenerator<OtherMediaPage> {
	const username = readUsername(query.username);
	const { since, until, limit = Number.POSITIVE_INFINITY } = query;
	refuse([...checkLimit(query.limit), ...checkInstants({ since, until })]);
	const known = new Set<string>();
	let left = limit;
	let after: string | null = null;
	do {
		// With a date filter, the number of posts wanted does not say how many must be read.
		const size = since || until ? PAGE_SIZE : Math.min(PAGE_SIZE, left);
		const found: Discovered = await discover(username, { limit: size, after }, context, options);
		const page = found.media;
		const fresh: readonly MediaFields[] = (page?.data ?? []).map(fieldsOf).filter(({ id }) => !known.has(id));
		for (const { id } of fresh) known.add(id);
		const wanted = fresh.filter((media) => isWithin(media, since, until)).slice(0, left);
		left -= wanted.length;
		if (wanted.length > 0) yield { accountId: found.id, media: wanted };
		const isPast =
			fresh.length > 0 &&
			fresh.every((media) => since !== undefined && (publishedAt(media) ?? Number.POSITIVE_INFINITY) < since.getTime());
		// This edge has cursors but no link to the next page: a page without new posts is the end.
		after = fresh.length === 0 || isPast ? null : (page?.paging?.cursors?.after ?? null);
	} while (after !== null && left > 0);
}

type Discovered = NonNullable<DiscoveryAnswer['business_discovery']>;
type Place = { readonly limit: number; readonly after: string | null };

async function discover(
	username: string,
	{ limit, after }: Place,
	context: ClientContext,
	{ signal }: QuestionOptions,
): Promise<Discovered> {
	const { session } = context;
	const { loginType } = HOSTS[session.host];
	if (loginType !== 'facebook') {
		throw new InsightsError('invalid-query', 'Other accounts can be read with Facebook Login only', {
			advice: 'Choose a Facebook Login credential. Any professional account it has access to can read others.',
		});
	}
	const accountId = await context.anyAccountId(signal);
	const place = `.limit(${limit})${after === null ? '' : `.after(${after})`}`;
	const media = limit > 0 ? [`media${place}{${MEDIA_FIELDS.join(',')}}`] : [];
	const fields = `business_discovery.username(${username}){${[...PROFILE_FIELDS, ...media].join(',')}}`;
	const request = { method: 'GET', path: `/${accountId}`, query: { fields } } as const;
	const { data } = await session.ask(request, DiscoveryAnswer, { what: `@${username}`, signal });
	if (data.business_discovery) return data.business_discovery;
	throw new InsightsError('not-found', `@${username}: Instagram shows no public data of this account`, {
		advice: NOT_PUBLIC_ADVICE,
	});
}

/**
 * The user name from `@name`, `name`, or a link to the profile.
 *
 * @throws {InsightsError} `invalid-query`
 */
export function readUsername(text: string): string {
	const pasted = text.trim();
	const name = (/^(?:https?:\/\/)?(?:www\.)?instagram\.com\/([^/?#]+)\/?(?:[?#].*)?$/i.exec(pasted)?.[1] ?? pasted)
		.replace(/^@/, '')
		.toLowerCase();
	if (/^[a-z0-9._]{1,30}$/.test(name)) return name;
	const message = `"${pasted}" is not an Instagram user name. Enter it as on the profile, for example natgeo.`;
	const found = problem('username', 'not-a-username', message, { value: pasted });
	throw new InsightsError('invalid-query', found.message, {
		advice: 'A user name has at most 30 letters, digits, periods and underscores. Nothing was sent to Meta.',
		problems: [found],
	});
}

/** An invalid date would match no post. */
function checkInstants(instants: Readonly<Record<string, Date | undefined>>): QueryProblem[] {
	return Object.entries(instants).flatMap(([field, instant]) => {
		if (instant === undefined || !Number.isNaN(instant.getTime())) return [];
		return [problem(field, 'not-a-day', `"${field}" is not a valid date.`)];
	});
}

function isWithin(media: MediaFields, since: Date | undefined, until: Date | undefined): boolean {
	const at = publishedAt(media) ?? Number.NaN;
	return (since === undefined || at >= since.getTime()) && (until === undefined || at < until.getTime());
}
