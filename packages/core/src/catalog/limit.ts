import { HOSTS, type Host } from './host.ts';

/** Meta's limits for account insights. Days are Pacific calendar days. */
export type Limits = {
	/** Oldest day that can be asked for, counted back from today. */
	readonly daysBack: number;
	/** Longest range of one request in days; null: no limit is known. */
	readonly windowDays: number | null;
	/** An account with fewer followers has no data; null: no minimum is known. */
	readonly minFollowers: number | null;
	/** Fewer engagements in the timeframe: no data; null: no minimum is known. */
	readonly minEngagements: number | null;
};

/** Limits of a row: the same on every host, except those in `perHost`. */
export type LimitsRow = Partial<Limits> & { readonly perHost?: Readonly<Partial<Record<Host, Partial<Limits>>>> };

/**
 * Limits of all account insights. 729 days ago is answered and 730 refused (S06 S09 S10); a day is left for clock skew.
 * The 30 days of graph.facebook.com are 2,592,000 seconds (S06 S11 S12); graph.instagram.com answered a year at once
 * (S09 S10).
 */
export const ACCOUNT_LIMITS: Limits & LimitsRow = {
	daysBack: 728,
	windowDays: null,
	minFollowers: null,
	minEngagements: null,
	perHost: { 'graph.facebook.com': { windowDays: 30 } },
};

/** The limits on a host of something that has `own` limits besides those of all account insights. */
export function limitsOn(host: Host, own: LimitsRow = {}): Limits {
	const { perHost: generalPerHost, ...general } = ACCOUNT_LIMITS;
	const { perHost, ...everywhere } = own;
	return { ...general, ...generalPerHost?.[host], ...everywhere, ...perHost?.[host] };
}

/** Other limits. */
export const LIMITS = {
	/** Stories and their insights can be read for this long. */
	storyInsightsHours: 24,
	/** A story with fewer viewers has no numbers. */
	storyMinViewers: 5,
	/** The media edge ends after this many posts, newest first. */
	mediaListMax: 10_000,
	/** Largest page of the media edge that works on both hosts. */
	mediaPageMax: 100,
	/** A day may be empty or partial for this long after its end. */
	dataDelayHours: 48,
	mediaInsightsRetentionYears: 2,
	/** Calls in a rolling day: this many for each impression the account had, per app and app user; no known floor. */
	callsPerImpression: 4_800,
} as const;

/**
 * A limit in words, by host if hosts differ: `30 days`, or `30 days (Facebook Login: 60 days)`; null where
 * the row names none.
 */
export function limitInWords(row: LimitsRow, name: keyof Limits, say: (limit: number) => string): string | null {
	const everywhere = row[name];
	const differing = Object.entries(row.perHost ?? {}).flatMap(([host, limits]) => {
		const limit = limits[name];
		return limit === undefined || limit === everywhere
			? []
			: `${HOSTS[host as Host].shortTitle}: ${wordsOf(limit, say)}`;
	});
	if (everywhere === undefined && differing.length === 0) return null;
	return differing.length === 0 ? wordsOf(everywhere, say) : `${wordsOf(everywhere, say)} (${differing.join(', ')})`;
}

function wordsOf(limit: number | null | undefined, say: (limit: number) => string): string {
	return limit === null || limit === undefined ? 'no limit known' : say(limit);
}
