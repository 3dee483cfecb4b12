/** Which numbers are milestones: every multiple of a step, or those of a list. */
export type Milestones =
	| { readonly kind: 'every'; readonly step: number }
	| { readonly kind: 'list'; readonly values: readonly number[] };

/** As many as are named when several were passed at once. */
const MAX_NAMED = 100;

/**
 * The milestones from `passed` (left out) up to `count`, smallest first. More than 100 are cut to the last 100.
 *
 * @param passed the highest count seen so far: what was passed once is not passed again after a fall
 */
export function passedMilestones(milestones: Milestones, passed: number, count: number): readonly number[] {
	if (count <= passed) return [];
	if (milestones.kind === 'list') {
		const reached = milestones.values.filter((value) => value > passed && value <= count);
		return [...new Set(reached)].sort((a, b) => a - b).slice(-MAX_NAMED);
	}
	const { step } = milestones;
	const last = Math.floor(count / step);
	const first = Math.max(Math.floor(passed / step) + 1, last - MAX_NAMED + 1);
	return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

/** The next one above a count; null when the list has no more. */
export function nextMilestone(milestones: Milestones, count: number): number | null {
	if (milestones.kind === 'every') return (Math.floor(count / milestones.step) + 1) * milestones.step;
	const above = milestones.values.filter((value) => value > count);
	return above.length === 0 ? null : Math.min(...above);
}
