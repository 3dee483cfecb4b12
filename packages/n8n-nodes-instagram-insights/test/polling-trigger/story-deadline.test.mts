import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	beginStories,
	decideStories,
	type LiveStory,
	STORY_LIFE_MS,
	type StoriesState,
} from '../../nodes/InstagramInsightsPollingTrigger/events/storyExpiring.event';

const MINUTE_MS = 60_000;
const START = Date.parse('2026-11-01T00:00:00Z');
const LEAD = { leadMs: 60 * MINUTE_MS };

/** A story posted some minutes after the start, with its reach so far. */
function story(id: string, postedMinutes: number, reach = 10): LiveStory {
	return { id, expiresMs: START + postedMinutes * MINUTE_MS + STORY_LIFE_MS, row: { id, reach } };
}

function at(minutes: number) {
	return { nowMs: START + minutes * MINUTE_MS, ...LEAD };
}

const DAY = 24 * 60;

describe('decideStories', () => {
	test('tells a story once, when its last hour has begun', () => {
		const live = [story('a', 0)];
		let state = beginStories(live, at(0));
		const reported = [DAY - 61, DAY - 60, DAY - 30].map((minutes) => {
			const decision = decideStories(state, live, at(minutes));
			state = decision.state;
			return decision.notices.map(({ id, expired }) => ({ id, expired }));
		});
		expect(reported).toEqual([[], [{ id: 'a', expired: false }], []]);
	});

	test('tells nothing of stories that are about to expire at the first look', () => {
		const live = [story('old', 0), story('young', 600)];
		const state = beginStories(live, at(DAY - 30));
		expect(decideStories(state, live, at(DAY - 20)).notices).toEqual([]);
		expect(decideStories(state, live.slice(1), at(DAY + 560)).notices.map(({ id }) => id)).toEqual(['young']);
	});

	test('tells a story that ended between two looks, with the numbers of the last one', () => {
		const state = decideStories(beginStories([], at(0)), [story('a', 0, 42)], at(DAY - 90)).state;
		const { notices } = decideStories(state, [], at(DAY + 5));
		expect(notices).toEqual([
			{
				id: 'a',
				row: { id: 'a', reach: 42 },
				expiresMs: START + STORY_LIFE_MS,
				readMs: at(DAY - 90).nowMs,
				expired: true,
			},
		]);
	});

	test('tells nothing of a story that its owner took down', () => {
		const state = beginStories([story('a', 0)], at(0));
		const taken = decideStories(state, [], at(300));
		expect(taken.notices).toEqual([]);
		expect(decideStories(taken.state, [], at(DAY + 1)).notices).toEqual([]);
	});

	test('tells the one that ends first before the others', () => {
		const live = [story('b', 20), story('a', 0)];
		const { notices } = decideStories(beginStories([], at(0)), live, at(DAY));
		expect(notices.map(({ id }) => id)).toEqual(['a', 'b']);
	});

	test('asks to be kept for a new story, then once an hour while it is open, and when its owner took it down', () => {
		const live = [story('a', 0)];
		let state = beginStories([], at(0));
		const kept = [1, 2, 60, 61, 62, 121].map((minutes) => {
			const decision = decideStories(state, live, at(minutes));
			state = decision.state;
			return decision.mustKeep;
		});
		expect(kept).toEqual([true, false, false, true, false, true]);
		expect(decideStories(state, [], at(130)).mustKeep).toBe(true);
	});

	test('needs no keeping for a story that was reported', () => {
		const live = [story('a', 0)];
		const { state } = decideStories(beginStories([], at(0)), live, at(DAY - 60));
		expect(decideStories(state, live, at(DAY - 1)).mustKeep).toBe(false);
	});

	test('forgets what is over', () => {
		const state = beginStories([story('a', 0)], at(0));
		const over = decideStories(state, [], at(DAY + 5)).state;
		expect(decideStories(over, [], at(DAY + 400)).state).toEqual({});
	});

	test('tells every story that was seen exactly once, and none before its last hour, at any rhythm of looks', () => {
		const posts = fc.uniqueArray(fc.nat(3_000), { maxLength: 12 });
		const pauses = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 });
		fc.assert(
			fc.property(posts, pauses, (posted, rhythm) => {
				const stories = posted.map((minutes, index) => story(`s${index}`, minutes));
				const liveAt = (minutes: number) =>
					stories.filter(({ expiresMs }) => {
						const left = expiresMs - (START + minutes * MINUTE_MS);
						return left > 0 && left <= STORY_LIFE_MS;
					});
				let minutes = 0;
				let state: StoriesState = beginStories(liveAt(0), at(0));
				const seen = new Set(liveAt(0).map(({ id }) => id));
				const reported: string[] = [];
				const lookAt = (when: number) => {
					for (const { id } of liveAt(when)) seen.add(id);
					const decision = decideStories(JSON.parse(JSON.stringify(state)), liveAt(when), at(when));
					for (const { id, expiresMs } of decision.notices) {
						expect(expiresMs - at(when).nowMs).toBeLessThanOrEqual(LEAD.leadMs);
						reported.push(id);
					}
					state = decision.state;
				};
				for (const pause of rhythm) {
					minutes += pause;
					lookAt(minutes);
				}
				lookAt(Math.max(minutes, 3_000) + 2 * DAY);
				expect(reported.toSorted()).toEqual([...seen].toSorted());
			}),
		);
	});
});
