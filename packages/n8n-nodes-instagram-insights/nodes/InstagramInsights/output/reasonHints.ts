import type { AbsentReason, Insight } from '@instagram-insights/core';
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
};

/** The hints for the gaps of an answer. */
export function reasonHints(insights: readonly Insight[]): HintId[] {
	return [...new Set(insights.flatMap(hintsOf))];
}

function hintsOf(insight: Insight): HintId[] {
	if (insight.shape === 'absent') {
		// Core says it in words only: the reason is the same as for a metric that does not fit.
		const ofAlbum = insight.reason === 'unsupported' && /\balbum\b/.test(insight.message ?? '');
		return ofAlbum ? ['album-children'] : hintFor(insight.reason);
	}
	if (insight.shape !== 'series') return [];
	return insight.points.flatMap(({ value, reason }) => (value === null ? hintFor(reason ?? 'no-data') : []));
}

function hintFor(reason: AbsentReason): HintId[] {
	const id = HINT_OF[reason];
	return id === undefined ? [] : [id];
}
