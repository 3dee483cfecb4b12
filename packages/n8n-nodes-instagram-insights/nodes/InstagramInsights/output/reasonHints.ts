import type { AbsentReason, Insight } from '@instagram-insights/core';
import type { HintId } from './hints';

/** What to tell people when a value is missing for a reason. */
const HINT_OF: Readonly<Partial<Record<AbsentReason, HintId>>> = {
	'not-additive': 'not-additive',
	'too-few-viewers': 'privacy-floor',
	'too-few-followers': 'privacy-floor',
	'privacy-floor': 'privacy-floor',
	'before-conversion': 'before-conversion',
	'no-data': 'no-data',
};

/** The hints for the gaps of an answer. */
export function reasonHints(insights: readonly Insight[]): HintId[] {
	const reasons = insights.flatMap((insight): AbsentReason[] => {
		if (insight.shape === 'absent') return [insight.reason];
		if (insight.shape !== 'series') return [];
		return insight.points.flatMap(({ value, reason }) => (value === null ? [reason ?? 'no-data'] : []));
	});
	return [...new Set(reasons.flatMap((reason) => HINT_OF[reason] ?? []))];
}
