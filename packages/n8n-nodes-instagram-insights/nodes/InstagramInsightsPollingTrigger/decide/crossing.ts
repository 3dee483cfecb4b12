import { z } from 'zod/v4';

/** When a number is worth a notice. */
export type CrossingRule = {
	/** `level`: the number itself; `change` and `percent`: how far it went from a number before. */
	readonly comparison: 'level' | 'change' | 'percent';
	readonly direction: 'up' | 'down';
	/** For changes the size of the step, whichever way: always positive. */
	readonly threshold: number;
	/** How far back the number must go before the next notice, in percent of the threshold. */
	readonly rearmPercent: number;
};

/** What is remembered of one number. */
export const crossingSchema = z.object({
	/** The next time it is beyond the threshold is news. */
	armed: z.boolean(),
	/** Where it stood at the last notice, or at the beginning. */
	reference: z.number(),
});
export type CrossingState = z.infer<typeof crossingSchema>;

export type Observation = {
	readonly value: number;
	/** What a change is measured against; left out: the remembered reference. Null: there is nothing to compare with. */
	readonly base?: number | null;
};

export type CrossingDecision = {
	readonly fired: boolean;
	readonly state: CrossingState;
	/** What later numbers are compared with changed without a firing: it must not be lost by a restart. */
	readonly mustKeep: boolean;
	/** `value - base`; null without a base. */
	readonly change: number | null;
	/** In percent of the base; null without a base, or when it is 0. */
	readonly changePercent: number | null;
};

/** The first look at a number never fires: what is beyond the threshold by now is not news. */
export function beginCrossing(rule: CrossingRule, { value, base = value }: Observation): CrossingState {
	const distance = distanceBeyond(rule, { value, base });
	return { armed: distance === null || distance < 0, reference: value };
}

/** Whether something would be missed if this beginning were lost, so that a later look began again with its own number. */
export function isWorthKeeping({ comparison }: CrossingRule, { armed, reference }: CrossingState): boolean {
	switch (comparison) {
		case 'level':
			return armed;
		case 'change':
			return true;
		case 'percent':
			// From 0 the reference moves to the next number anyway.
			return reference !== 0;
		default:
			return comparison satisfies never;
	}
}

/**
 * Whether a number has just crossed. It fires once; the next time only after the number was back on the other side.
 * A change measured against the own reference starts anew from where it fired. Percent of 0 do not exist: from an own
 * reference of 0 nothing fires, and the first number that is not 0 becomes the reference.
 */
export function decideCrossing(rule: CrossingRule, state: CrossingState, observation: Observation): CrossingDecision {
	const base = observation.base === undefined ? state.reference : observation.base;
	const { value } = observation;
	const distance = distanceBeyond(rule, { value, base });
	const reported = { change: base === null ? null : value - base, changePercent: percentOf(value, base) };
	if (distance === null) {
		const leavesZero = observation.base === undefined && value !== 0;
		const next = leavesZero ? { ...state, reference: value } : state;
		return { fired: false, state: next, mustKeep: leavesZero, ...reported };
	}
	if (distance >= 0 && state.armed) {
		const startsAnew = rule.comparison !== 'level' && observation.base === undefined;
		return { fired: true, state: { armed: startsAnew, reference: value }, mustKeep: false, ...reported };
	}
	const back = distance < 0 && -distance > (Math.abs(rule.threshold) * rule.rearmPercent) / 100;
	const isArmedAgain = back && !state.armed;
	return { fired: false, state: isArmedAgain ? { ...state, armed: true } : state, mustKeep: isArmedAgain, ...reported };
}

/** How far the number is beyond the threshold, 0 on it, negative before it; null when that cannot be said. */
function distanceBeyond(
	{ comparison, direction, threshold }: CrossingRule,
	{ value, base }: { readonly value: number; readonly base: number | null },
): number | null {
	const sign = direction === 'up' ? 1 : -1;
	switch (comparison) {
		case 'level':
			return sign * (value - threshold);
		case 'change':
			return base === null ? null : sign * (value - base) - threshold;
		case 'percent': {
			const percent = percentOf(value, base);
			return percent === null ? null : sign * percent - threshold;
		}
		default:
			return comparison satisfies never;
	}
}

function percentOf(value: number, base: number | null): number | null {
	return base === null || base === 0 ? null : ((value - base) / Math.abs(base)) * 100;
}
