import type { Confidence, SourceId } from './source.ts';

/** A limit with its proof. */
type Measured = { readonly confidence: Confidence; readonly sources: readonly SourceId[] };

/** Numbers Meta holds callers to. Days are Pacific calendar days. */
export const LIMITS = {
	/** Longest `until - since` of account insights in seconds; null: none observed. */
	windowSeconds: {
		'graph.facebook.com': { max: 2_592_000, confidence: 'high', sources: ['S06', 'S11', 'S12'] },
		'graph.instagram.com': { max: null, confidence: 'medium', sources: ['S09', 'S10'] },
	},
	/** Windows this long pass everywhere. */
	safeWindowDays: 30,
	/** Oldest day of account insights: 729 days ago is answered, 730 is refused; `safe` leaves a day for clock skew. */
	lookbackDays: { max: 729, safe: 728, confidence: 'high', sources: ['S06', 'S09', 'S10'] },
	/** Buckets of follow_type exist for about this long; older windows answer the total without them. */
	followTypeLookbackDays: { max: 366, safe: 365, confidence: 'medium', sources: ['S09', 'S10'] },
	/** `follower_count`: this many days before today, today left out. */
	followerCountDays: 30,
	onlineFollowersDays: 30,
	/** Stories and their insights can be read for this long. */
	storyInsightsHours: 24,
	/** The media edge ends after this many posts, newest first. */
	mediaListMax: 10_000,
	/** Largest page of the media edge that works on both hosts. */
	mediaPageMax: 100,
	batchMax: 50,
	/** Demographics stop after this many buckets, largest first. */
	demographicRowsMax: 45,
	/** A day may be empty or partial for this long after its end. */
	dataDelayHours: 48,
	mediaInsightsRetentionYears: 2,
	/** Calls in a rolling day: this many for each impression the account had, per app and app user; no known floor. */
	callsPerImpression: 4_800,
	rateLimit: {
		type: 'instagram',
		code: 80002,
		headers: ['X-Business-Use-Case-Usage', 'X-App-Usage'],
		floor: null,
	},
} as const satisfies {
	windowSeconds: Record<string, Measured & { max: number | null }>;
	lookbackDays: Measured & { max: number; safe: number };
	followTypeLookbackDays: Measured & { max: number; safe: number };
	rateLimit: { type: string; code: number; headers: readonly string[]; floor: number | null };
} & Record<string, unknown>;
