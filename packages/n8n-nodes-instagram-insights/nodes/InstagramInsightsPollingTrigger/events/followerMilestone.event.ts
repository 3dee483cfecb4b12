import { InsightsError } from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { readChoice, readWholeNumber } from '../../panel/wrongSetting';
import { withReasons } from '../../rows/columns';
import { type Look, type PollEvent, readProfile, showFor } from '../watch';

const EVENT = 'followerMilestone';

const stateSchema = z.object({
	/** The highest count seen so far. */
	passed: z.number(),
});
type State = z.infer<typeof stateSchema>;

const fields: INodeProperties[] = [
	{
		displayName: 'Milestones',
		name: 'milestoneKind',
		type: 'options',
		options: [
			{ name: 'At Regular Steps', value: 'every', description: 'Such as 1,000, 2,000, 3,000' },
			{ name: 'A List of Numbers', value: 'list', description: 'Such as 5,000, 10,000, 50,000' },
		],
		default: 'every',
		displayOptions: { show: showFor(EVENT) },
	},
	{
		displayName: 'Step',
		name: 'milestoneStep',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1000,
		required: true,
		description: 'Number of followers between two milestones',
		displayOptions: { show: { ...showFor(EVENT), milestoneKind: ['every'] } },
	},
	{
		displayName: 'Numbers',
		name: 'milestoneList',
		type: 'string',
		default: '1000, 5000, 10000, 50000, 100000',
		required: true,
		placeholder: 'e.g. 5000, 10000, 50000',
		description: 'Follower counts, separated by commas, without thousands separators',
		displayOptions: { show: { ...showFor(EVENT), milestoneKind: ['list'] } },
	},
];

/** The follower count passes a milestone for the first time. */
export const followerMilestone: PollEvent<State> = {
	value: EVENT,
	name: 'Follower Milestone',
	description: 'The number of followers reaches a milestone for the first time',
	fields,
	state: stateSchema,
	subject: (look) => readMilestones(look),
	async begin(look) {
		const followers = await readFollowers(look);
		return followers === null ? null : { passed: followers };
	},
	async next(look, { passed }) {
		const followers = await readFollowers(look);
		if (followers === null) return { rows: [], state: { passed } };
		const reached = passedMilestones(readMilestones(look), passed, followers);
		const milestone = reached.at(-1);
		const state = { passed: Math.max(passed, followers) };
		if (milestone === undefined) return { rows: [], state };
		const next = nextMilestone(readMilestones(look), followers);
		return { rows: [rowOf({ milestone, followers, reached, next })], state };
	},
	async latest(look) {
		const followers = await readFollowers(look);
		if (followers === null) return [];
		const milestones = readMilestones(look);
		const milestone = passedMilestones(milestones, 0, followers).at(-1) ?? null;
		return [rowOf({ milestone, followers, reached: [], next: nextMilestone(milestones, followers) })];
	},
	nothing: {
		message: 'Instagram does not give the number of followers',
		description: 'The token needs permission to read the profile. Test the credential.',
	},
};

type Passed = {
	readonly milestone: number | null;
	readonly followers: number;
	readonly reached: readonly number[];
	readonly next: number | null;
};

function rowOf({ milestone, followers, reached, next }: Passed): IDataObject {
	return withReasons({ milestone, followers_count: followers, passed: reached.join(', '), next }, []);
}

async function readFollowers(look: Look): Promise<number | null> {
	const { followers_count: followers } = await readProfile(look, 'followers_count');
	return typeof followers === 'number' ? followers : null;
}

/**
 * @throws {InsightsError} `invalid-query`: no numbers, none above 0, or some with thousands separators
 */
function readMilestones({ parameter }: Look): Milestones {
	if (readChoice('milestoneKind', parameter('milestoneKind', ''), ['every', 'list']) !== 'list') {
		return { kind: 'every', step: readWholeNumber('milestoneStep', parameter('milestoneStep', 1000), { from: 1 }) };
	}
	const text = String(parameter('milestoneList', ''));
	if (/(?:^|[\s,;])\d{1,3},\d{3}(?=$|[\s,;])/.test(text)) {
		throw new InsightsError('invalid-query', 'Numbers seems to contain thousands separators', {
			advice: 'Write 1500, not 1,500. Separate numbers with a comma and a space: 1500, 2500, 7500.',
		});
	}
	const parts = text.split(/[,;\s]+/).filter((part) => part !== '');
	const values = parts.map(Number);
	if (values.length > 0 && values.every((value) => Number.isInteger(value) && value > 0))
		return { kind: 'list', values };
	throw new InsightsError('invalid-query', 'Numbers must be whole numbers above 0', {
		advice: 'Separate them with commas, such as 5000, 10000, 50000.',
	});
}

/** Which numbers are milestones: every multiple of a step, or those of a list. */
export type Milestones =
	| { readonly kind: 'every'; readonly step: number }
	| { readonly kind: 'list'; readonly values: readonly number[] };

/** The most milestones named in one item. */
const MAX_NAMED = 100;

/**
 * The milestones above `passed` up to `count`, smallest first. More than 100 are cut to the last 100.
 *
 * @param passed the highest count seen so far, so that a fall and rise passes no milestone again
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

/** The next milestone above a count; null if the list has no more. */
export function nextMilestone(milestones: Milestones, count: number): number | null {
	if (milestones.kind === 'every') return (Math.floor(count / milestones.step) + 1) * milestones.step;
	const above = milestones.values.filter((value) => value > count);
	return above.length === 0 ? null : Math.min(...above);
}
