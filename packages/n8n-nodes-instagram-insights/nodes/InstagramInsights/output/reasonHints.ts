import type { AbsentReason, Insight } from '@instagram-insights/core/internal';
import type { HintId } from './hints';

/** What to tell people when a value is missing for a reason. */
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

/** Reasons that say nothing without Meta's words. */
const NEEDS_WORDS: readonly AbsentReason[] = ['failed', 'no-permission'];

/** A hint with what is added behind it. */
export type ReasonHint = readonly [id: HintId, detail?: string];

/** The hints for the gaps of an answer, each once; what failed with Meta's words and the metrics they are about. */
export function reasonHints(insights: readonly Insight[]): ReasonHint[] {
	const gaps = insights.flatMap(gapsOf);
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
