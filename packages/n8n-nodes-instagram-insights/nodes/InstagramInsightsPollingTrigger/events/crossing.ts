import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { optionsParameter } from '../../panel/options';
import { readChoice, wrongSetting } from '../../panel/wrongSetting';
import { type Look, showFor } from '../watch';

/** When a number starts the workflow. */
export type CrossingRule = {
	/** `level`: the number itself. `change` and `percent`: its distance from an earlier number. */
	readonly comparison: 'level' | 'change' | 'percent';
	readonly direction: 'up' | 'down';
	/** For changes, the size of the step in either direction: always positive. */
	readonly threshold: number;
	/** How far the number must go back before it can fire again, in percent of the threshold. */
	readonly rearmPercent: number;
};

/** What is remembered of one number. */
export const crossingSchema = z.object({
	/** It fires the next time it is beyond the threshold. */
	armed: z.boolean(),
	/** Its value when it last fired, or at the beginning. */
	reference: z.number(),
});
export type CrossingState = z.infer<typeof crossingSchema>;

export type Observation = {
	readonly value: number;
	/** What to measure a change against; left out: the remembered reference. Null: nothing to compare with. */
	readonly base?: number | null;
};

export type CrossingDecision = {
	readonly fired: boolean;
	readonly state: CrossingState;
	/** The state changed without firing, and a restart must not lose it. */
	readonly mustKeep: boolean;
	/** `value - base`; null without a base. */
	readonly change: number | null;
	/** In percent of the base; null without a base, or if it is 0. */
	readonly changePercent: number | null;
};

/** The first look at a number never fires, even if it is already beyond the threshold. */
export function beginCrossing(rule: CrossingRule, { value, base = value }: Observation): CrossingState {
	const distance = distanceBeyond(rule, { value, base });
	return { armed: distance === null || distance < 0, reference: value };
}

/** Whether losing this beginning would miss something, because a later look would begin with its own number. */
export function isWorthKeeping({ comparison }: CrossingRule, { armed, reference }: CrossingState): boolean {
	switch (comparison) {
		case 'level':
			return armed;
		case 'change':
			return true;
		case 'percent':
			// From 0, the reference moves to the next number anyway.
			return reference !== 0;
		default:
			return comparison satisfies never;
	}
}

/**
 * Whether a number has just crossed. It fires once, and again only after the number was back on the other side. A change
 * measured against the number's own reference continues from where it fired. There is no percent of 0: from a reference of
 * 0 nothing fires, and the first other number becomes the reference.
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

/** How far the number is beyond the threshold: 0 on it, negative before it, null if unknown. */
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

/**
 * The parameters of a threshold.
 *
 * @param against texts. `before`: what a change is compared with; `ofZero`: what happens to a percent if that is 0
 */
export function thresholdParameters(
	event: string,
	against: { readonly before: string; readonly ofZero: string },
): INodeProperties[] {
	const { before, ofZero } = against;
	return [
		{
			displayName: 'Condition',
			name: 'comparison',
			type: 'options',
			options: [
				{ name: 'Reaches a Value', value: 'level', description: 'The metric reaches a value, such as 10,000 views' },
				{ name: 'Changes by a Number', value: 'change', description: `Compared with ${before}` },
				{ name: 'Changes by Percent', value: 'percent', description: `Compared with ${before}. ${ofZero}.` },
			],
			default: 'level',
			displayOptions: { show: showFor(event) },
		},
		{
			displayName: 'Direction',
			name: 'direction',
			type: 'options',
			options: [
				{ name: 'Up', value: 'up', description: 'Rises to the threshold or above' },
				{ name: 'Down', value: 'down', description: 'Falls to the threshold or below' },
			],
			default: 'up',
			displayOptions: { show: showFor(event) },
		},
		{
			displayName: 'Threshold',
			name: 'threshold',
			type: 'number',
			default: 1000,
			required: true,
			description: 'Value to reach, or size of the change. For a change in percent, 20 means 20%.',
			displayOptions: { show: showFor(event) },
		},
	];
}

/** How far back a metric must go before it can be reported again. */
export const rearmOption: INodeProperties = {
	displayName: 'Re-Arm Distance (Percent)',
	name: 'rearmPercent',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 100 },
	displayOptions: { show: { '/event': ['accountThreshold', 'mediaThreshold'] } },
	default: 0,
	description:
		'How far a metric must go back, in percent of the threshold, before it can start the workflow again. Use it for a metric that hovers around the threshold.',
};

/**
 * @throws {InsightsError} `invalid-query`: the threshold is not a number, or not above 0 for a change
 */
export function readRule({ parameter, options }: Look): CrossingRule {
	const threshold = parameter('threshold', Number.NaN);
	const rule: CrossingRule = {
		comparison: readChoice('comparison', parameter('comparison', ''), ['level', 'change', 'percent']) ?? 'level',
		direction: readChoice('direction', parameter('direction', ''), ['up', 'down']) ?? 'up',
		threshold: threshold === '' || threshold === null ? Number.NaN : Number(threshold),
		rearmPercent: Number(options.rearmPercent ?? 0),
	};
	if (!Number.isFinite(rule.threshold)) {
		throw wrongSetting('threshold', threshold, 'Threshold must be a number, such as 1000.');
	}
	if (rule.comparison !== 'level' && rule.threshold <= 0) {
		const message = 'Threshold must be above 0 for a change. Choose Up or Down under Direction.';
		throw wrongSetting('threshold', threshold, message);
	}
	if (!(rule.rearmPercent >= 0 && rule.rearmPercent <= 100)) {
		throw wrongSetting('rearmPercent', options.rearmPercent, 'Enter a number from 0 to 100.');
	}
	return rule;
}

const shared = optionsParameter([rearmOption], { metrics: true });

/** The Options collection. The one event that reads no metric does not offer unlisted metrics. */
export const pollingOptions: INodeProperties = {
	...shared,
	options: (shared.options ?? []).map((option) =>
		option.name === 'allowUnlisted'
			? { ...option, displayOptions: { hide: { '/event': ['followerMilestone'] } } }
			: option,
	),
};
