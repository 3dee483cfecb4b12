import { InsightsError } from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
import type { CrossingRule } from '../decide/crossing';
import type { Look } from '../events/pollEvent';
import { showFor } from './showFor';

/**
 * When a metric is worth a notice; what a change is measured against differs by event.
 *
 * @param against in words, `before`: with what a change is compared; `ofZero`: what becomes of a percent where that is 0
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
				{ name: 'Reaches a Value', value: 'level', description: 'The metric itself, such as 10,000 views' },
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
			description: 'The value to reach, or the size of the change. For a change in percent, 20 means 20%.',
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
		'How far, in percent of the threshold, a metric must go back before it can start the workflow again. Keeps a metric that wavers around the threshold from starting it over and over.',
};

/**
 * @throws {InsightsError} `invalid-query`: the threshold is not a number, or no size of a change
 */
export function readRule({ parameter, options }: Look): CrossingRule {
	const comparison = parameter('comparison', 'level');
	const threshold = parameter('threshold', Number.NaN);
	const rule: CrossingRule = {
		comparison: comparison === 'change' || comparison === 'percent' ? comparison : 'level',
		direction: parameter('direction', 'up') === 'down' ? 'down' : 'up',
		threshold: threshold === '' || threshold === null ? Number.NaN : Number(threshold),
		rearmPercent: Math.max(0, Number(options.rearmPercent) || 0),
	};
	if (!Number.isFinite(rule.threshold)) {
		throw new InsightsError('invalid-query', 'The Threshold is not a number', {
			advice: 'Enter a number such as 1000.',
		});
	}
	if (rule.comparison !== 'level' && rule.threshold <= 0) {
		throw new InsightsError('invalid-query', 'The Threshold of a change must be above 0', {
			advice: 'Enter the size of the change, and choose in Direction whether it goes up or down.',
		});
	}
	return rule;
}
