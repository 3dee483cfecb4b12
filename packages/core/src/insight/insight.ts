import type { MetricUnit } from '../catalog/metric-row.ts';
import { refusalInWords } from '../graph/error-answer.ts';
import type { InsightsError } from '../insights-error.ts';
import type { LeftOut } from '../query/plan-requests.ts';

/**
 * Why there is no number. A missing number is never 0.
 *
 * - `no-data`: Graph answered without the metric or without a value; a missing permission can look like this too
 * - `too-few-viewers`: a story or post under five viewers
 * - `too-few-followers`: fewer than 100 people in a breakdown of the metric, or following the account
 * - `unsupported`: this kind of media, or this host, does not have the metric
 * - `before-conversion`: posted before the account became professional; never has insights
 * - `no-permission`: the token may not read it
 * - `outside-retention`: older than Meta keeps
 * - `not-begun`: a day that has not begun in California
 * - `album-child`: a picture inside an album; the album has the numbers
 * - `not-additive`: unique people of several windows cannot be added up
 * - `not-shared-to-facebook`: Facebook views of a post that is not on Facebook
 * - `not-found`: the media is gone, or not the token's
 * - `failed`: the request for it failed, or its value could not be read; the message says why
 * - `needs-breakdown`: the metric has values per bucket only
 * - `privacy-floor`: counts under five, sent as -1 by the story webhook
 * - `withheld`: a field that Meta leaves out: the owner hides it, the audio is licensed, or downloads are off
 * - `zero-divisor`: a computed metric would be divided by 0
 */
export const ABSENT_REASONS = [
	'no-data',
	'too-few-viewers',
	'too-few-followers',
	'unsupported',
	'before-conversion',
	'no-permission',
	'outside-retention',
	'not-begun',
	'album-child',
	'not-additive',
	'not-shared-to-facebook',
	'not-found',
	'failed',
	'needs-breakdown',
	'privacy-floor',
	'zero-divisor',
	'withheld',
] as const;
/** Why there is no number: one of `ABSENT_REASONS`. */
export type AbsentReason = (typeof ABSENT_REASONS)[number];

/** One day of a series. */
export type Point = {
	/** `YYYY-MM-DD`: the Pacific day that closes at `endTime`. */
	readonly date: string;
	/** Meta's own `end_time`, as sent. */
	readonly endTime: string;
	readonly value: number | null;
	/** Why `value` is null. */
	readonly reason?: AbsentReason;
	/** The reason in Meta's or our words. */
	readonly message?: string;
};

/** One bucket of a breakdown. Bucket names are as Meta sent them: compare without regard to case. */
export type Bucket = {
	/** Name of the dimension; several are joined by a comma, in the order Meta keyed them. */
	readonly dimension: string;
	/** Name of the bucket; several are joined by a comma. */
	readonly bucket: string;
	readonly value: number;
	readonly dimensions: readonly string[];
	readonly buckets: readonly string[];
};

/** Followers online in one hour. Meta does not say which zone `hour` (0..23) is in. */
export type HourCount = { readonly hour: number; readonly value: number };

/** Followers online by hour, on the day that closes at `endTime`. `hours` is empty where Meta gave none. */
export type HoursOfDay = { readonly date: string; readonly endTime: string; readonly hours: readonly HourCount[] };

/** What one metric answered. */
export type Insight =
	| { readonly shape: 'total'; readonly metric: string; readonly value: number }
	| { readonly shape: 'series'; readonly metric: string; readonly points: readonly Point[] }
	| {
			readonly shape: 'breakdown';
			readonly metric: string;
			/** The total, null when Meta gives none. The buckets do not have to add up to it. */
			readonly value: number | null;
			readonly buckets: readonly Bucket[];
	  }
	| { readonly shape: 'hours'; readonly metric: string; readonly points: readonly HoursOfDay[] }
	| { readonly shape: 'absent'; readonly metric: string; readonly reason: AbsentReason; readonly message?: string };

/** The one number of an insight; null if it has none, or several. */
export function totalOf(insight: Insight | undefined): number | null {
	return insight?.shape === 'total' || insight?.shape === 'breakdown' ? insight.value : null;
}

/** Whether an insight has any number. */
export function hasNumber(insight: Insight): boolean {
	switch (insight.shape) {
		case 'total':
			return true;
		case 'series':
			return insight.points.some(({ value }) => value !== null);
		case 'breakdown':
			return insight.value !== null || insight.buckets.length > 0;
		case 'hours':
			return insight.points.some(({ hours }) => hours.length > 0);
		case 'absent':
			return false;
		default:
			return insight satisfies never;
	}
}

/** One number in a table. One of the two IDs is set, whichever the caller gave. */
export type Row = {
	readonly accountId?: string;
	readonly mediaId?: string;
	readonly metric: string;
	readonly dimension: string | null;
	readonly bucket: string | null;
	/** `YYYY-MM-DD`, Pacific; null for totals and lifetime numbers. */
	readonly date: string | null;
	readonly endTime?: string;
	readonly value: number | null;
	/** `count` where the catalog does not know the metric. */
	readonly unit: MetricUnit | (string & {});
	/** Why `value` is null. */
	readonly reason?: AbsentReason;
	/** The reason in Meta's or our words. */
	readonly message?: string;
};

/** Why a metric has no number when the request for it was refused. */
export function absentReasonOf({ kind, graph }: Pick<InsightsError, 'kind' | 'graph'>): AbsentReason {
	switch (kind) {
		case 'too-few-viewers':
		case 'too-few-followers':
		case 'before-conversion':
		case 'not-found':
			return kind;
		case 'unsupported-metric':
			return graph?.rule === 'not-shared-to-facebook' ? 'not-shared-to-facebook' : 'unsupported';
		case 'unknown-metric':
		case 'unsupported-field':
			return 'unsupported';
		case 'permission':
		case 'auth':
		case 'wrong-host':
			return 'no-permission';
		case 'window':
			// Too wide is the caller's mistake; too old is Meta's retention.
			return graph?.rule === 'window-too-wide' ? 'failed' : 'outside-retention';
		case 'invalid-query':
		case 'rate-limit':
		case 'transient':
		case 'blocked':
		case 'too-much-data':
		case 'answer-unreadable':
		case 'network':
		case 'cancelled':
		case 'unknown':
			return 'failed';
		default:
			return kind satisfies never;
	}
}

/** Why a metric has no number: the reason, and a message from Meta or from us. */
export type Absence = { readonly reason: AbsentReason; readonly message?: string };

/** Why days that the plan leaves out have no number. */
export function absenceOfLeftOut(leftOut: LeftOut): Absence {
	const { reason, since } = leftOut;
	switch (reason) {
		case 'outside-retention':
			return {
				reason,
				message: `Meta keeps this metric from ${leftOut.oldest} on, and the date range starts earlier.`,
			};
		case 'today-not-counted':
			return { reason: 'no-data', message: 'Instagram does not count today for this metric.' };
		case 'not-begun':
			return {
				reason,
				message: `${since} has not begun in California, where Instagram's days begin and end.`,
			};
		default:
			return reason satisfies never;
	}
}

/** The absence that follows from a refusal, with Meta's message, code and trace id. */
export function absenceOf(error: InsightsError): Absence {
	return { reason: absentReasonOf(error), message: refusalInWords(error) };
}

/** An insight without a number. */
export function absent(metric: string, { reason, message }: Absence): Insight {
	return { shape: 'absent', metric, reason, ...(message === undefined ? {} : { message }) };
}
