import {
	type AbsentReason,
	ACCOUNT_METRICS,
	type AccountAnswer,
	type AccountMetricRow,
	type Insight,
	LIMITS,
	limitInWords,
	type NoteCode,
} from '@instagram-insights/core/internal';
import type { NodeExecutionHint } from 'n8n-workflow';

/** `100 followers or 100 engagements`. */
export const AUDIENCE_MINIMUM = [
	limitInWords(ACCOUNT_METRICS.follower_demographics.limits, 'minFollowers', (count) => `${count} followers`),
	limitInWords(
		ACCOUNT_METRICS.engaged_audience_demographics.limits,
		'minEngagements',
		(count) => `${count} engagements`,
	),
].join(' or ');

/** What people should know about the numbers of a run, shown above the output. */
export const HINTS = {
	'all-kept': 'Your table already has every day of the range. There is nothing to read until the next day is over.',
	'data-lag': `The last two days may still grow: Meta needs up to ${LIMITS.dataDelayHours} hours to complete a day's numbers.`,
	'no-data':
		'Instagram returned no value for some metrics. They are empty, not 0; "unavailable" in each item gives the reason.',
	failed: 'Some metrics are empty because Meta refused them, or because their value could not be read.',
	'not-additive':
		'The range is longer than Meta answers in one request. The same people may be counted in several parts, so these metrics are left empty instead of added up. Turn Simplify off to see the parts, or choose a shorter range.',
	'not-additive-compared':
		'A period is longer than Meta answers in one request. The same people may be counted in several parts, so these metrics are left empty instead of added up. Compare shorter periods.',
	'outside-retention': `Some metrics are empty because Meta keeps them for a shorter time than the range reaches back: new followers, for example, for ${limitInWords(ACCOUNT_METRICS.follower_count.limits, 'daysBack', (days) => `${days} days`)}.`,
	'privacy-floor': `Instagram hides numbers about very few people: stories under ${LIMITS.storyMinViewers} viewers, demographics under ${AUDIENCE_MINIMUM}, or with fewer than 100 people in a breakdown.`,
	'no-media': 'The account has no posts or reels that match. Check Published, and Product Types under Options.',
	'no-stories': 'The account has no live stories right now. Stories older than 24 hours cannot be read.',
	'album-children': 'Pictures inside an album have no insights of their own. Read the album instead.',
	'maybe-album-child':
		'A post that was not found may be a picture inside an album. These have no insights of their own: read the album instead.',
	'before-conversion':
		'Posts from before the account became a professional account never have insights. Their metrics are empty.',
	'hour-zone': hourZoneHint(ACCOUNT_METRICS.online_followers),
	'online-hours-as-pacific':
		'Posts are placed at their exact time. Meta does not say which time zone its hours of followers online are in: they are read as Pacific time, so "followersOnline" may be some hours off. "score" does not depend on it.',
	'not-begun':
		"The range ends with days that have not begun in Los Angeles, where Meta's days begin and end. Those days are left out.",
	'pacific-days': "Meta's days run from midnight to midnight in Los Angeles.",
	note: '',
} as const satisfies Readonly<Record<string, string>>;

export type HintId = keyof typeof HINTS;

function hourZoneHint({ hourZone }: AccountMetricRow): string {
	return hourZone === null
		? 'Meta does not say which time zone these hours are in: compare them with each other, not with a clock.'
		: `The hours are those of ${hourZone}.`;
}

/** A hint as n8n shows it. `detail` follows the text; a `note` has no other text. n8n groups hints with details in one line. */
export function executionHint(id: HintId, detail?: string): NodeExecutionHint {
	const message = [HINTS[id], detail].filter((part) => part !== undefined && part !== '').join(' ');
	const type = id === 'failed' ? 'warning' : 'info';
	if (detail === undefined) return { message, type, location: 'outputPane' };
	const summary = id === 'note' ? '{count} notes about single accounts or posts' : `${HINTS[id]} ({count} cases)`;
	return { message, type, location: 'outputPane', group: { key: id, summary, label: detail } };
}

/** The hint for each reason why a value is missing. */
const HINT_OF: Readonly<Partial<Record<AbsentReason, HintId>>> = {
	'not-additive': 'not-additive',
	'too-few-viewers': 'privacy-floor',
	'too-few-followers': 'privacy-floor',
	'privacy-floor': 'privacy-floor',
	'before-conversion': 'before-conversion',
	'outside-retention': 'outside-retention',
	'no-data': 'no-data',
	'album-child': 'album-children',
};

/** Reasons that need Meta's message to be clear. */
const NEEDS_WORDS: readonly AbsentReason[] = ['failed', 'no-permission'];

/** A hint and its detail. */
export type ReasonHint = readonly [id: HintId, detail?: string];

/**
 * The hints for missing values of an answer, each once. Failures come with Meta's message and the metrics it is about.
 *
 * @param shown the metrics that have a column; others were only read for a computed metric. @default all
 */
export function reasonHints(insights: readonly Insight[], shown?: readonly string[]): ReasonHint[] {
	const gaps = insights.filter(({ metric }) => shown?.includes(metric) ?? true).flatMap(gapsOf);
	const ids = new Set(gaps.flatMap(({ reason }) => hintFor(reason)));
	const failed = new Map<string, Set<string>>();
	for (const { metric, reason, message } of gaps) {
		if (!NEEDS_WORDS.includes(reason) || message === undefined) continue;
		failed.set(message, (failed.get(message) ?? new Set()).add(metric));
	}
	const words = [...failed].map(([message, metrics]) => `${[...metrics].join(', ')}: ${message}`);
	return [...words.map((detail) => ['failed', detail] as const), ...[...ids].map((id) => [id] as const)];
}

type Gap = { readonly metric: string; readonly reason: AbsentReason; readonly message?: string | undefined };

function gapsOf(insight: Insight): Gap[] {
	const { metric } = insight;
	if (insight.shape === 'absent') return [insight];
	if (insight.shape !== 'series') return [];
	return insight.points.flatMap(({ value, reason = 'no-data', message }) =>
		value === null ? [{ metric, reason, message }] : [],
	);
}

function hintFor(reason: AbsentReason): HintId[] {
	const id = HINT_OF[reason];
	return id === undefined ? [] : [id];
}

/** The hint for a note of core. Null: no hint. Notes that are not listed are shown as core words them. */
const HINT_OF_NOTE: Readonly<Partial<Record<NoteCode, HintId | null>>> = {
	'data-lag': 'data-lag',
	'reach-not-summed': 'not-additive',
	'window-split': null,
	// The hint "no-data" comes with it. Of many accounts, this one alone would seem to be about all.
	'nothing-came': null,
};

/** What people should know about the answer to a question about an account. */
export function answerHints(
	item: { hint(id: HintId, detail?: string): void },
	{ insights, notes }: Pick<AccountAnswer, 'insights' | 'notes'>,
	shown?: readonly string[],
): void {
	for (const hint of reasonHints(insights, shown)) item.hint(...hint);
	for (const { code, message } of notes) {
		const id = HINT_OF_NOTE[code];
		if (id === undefined) item.hint('note', message);
		else if (id !== null) item.hint(id);
	}
}
