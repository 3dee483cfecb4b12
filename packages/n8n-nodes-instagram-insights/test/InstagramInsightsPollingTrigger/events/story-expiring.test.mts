import { type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
	beginStories,
	decideStories,
	type LiveStory,
	STORY_LIFE_MS,
	type StoriesState,
} from '../../../nodes/InstagramInsightsPollingTrigger/events/storyExpiring.event';
import { pollingWorkflow } from '../polling-workflow.mts';

const START = new Date('2026-11-23T12:00:00Z');
const MINUTE_MS = 60_000;

let sandbox: Sandbox;

beforeEach(async () => {
	// Only the clock stands still; timers and sockets run.
	vi.useFakeTimers({ toFake: ['Date'], now: START });
	sandbox = await startSandbox();
});

afterEach(async () => {
	await sandbox.stop();
	vi.useRealTimers();
});

function later(minutes: number): void {
	vi.setSystemTime(Date.now() + minutes * MINUTE_MS);
}

describe('the event Story About to Expire', () => {
	const STORIES = { event: 'storyExpiring', minutesBefore: 60, metrics: ['reach', 'replies'] };

	test('reports a story once in its last hour, with its numbers', async () => {
		const workflow = pollingWorkflow(sandbox, STORIES);
		await workflow.start();
		const { id } = sandbox.world.account('bakery').publish({ productType: 'STORY' });
		await workflow.poll();
		later(22 * 60 + 30);
		const before = await workflow.poll();
		expect(before?.map((item) => item.id) ?? []).not.toContain(id);
		later(45);
		sandbox.world.account('bakery').setMediaMetric(id, 'reach', 4_321);
		const reported = (await workflow.poll())?.filter((item) => item.id === id);
		expect(reported).toEqual([
			expect.objectContaining({ reach: 4_321, expired: false, minutesLeft: 45, expiresAt: '2026-11-24T12:00:00.000Z' }),
		]);
		later(20);
		expect((await workflow.poll())?.filter((item) => item.id === id) ?? []).toEqual([]);
	});

	test('reports a story that ended between two polls, with the numbers of the last one', async () => {
		const workflow = pollingWorkflow(sandbox, STORIES);
		const { id } = sandbox.world.account('bakery').publish({ productType: 'STORY' });
		sandbox.world.account('bakery').setMediaMetric(id, 'reach', 99);
		await workflow.start();
		later(25 * 60);
		const reported = (await workflow.poll())?.filter((item) => item.id === id);
		expect(reported).toEqual([
			expect.objectContaining({ reach: 99, expired: true, minutesLeft: 0, lastReadAt: START.toISOString() }),
		]);
	});

	test('reports nothing at the first poll, not even a story in its last hour', async () => {
		// The bakery has a story that is 23.6 hours old when the world begins.
		const workflow = pollingWorkflow(sandbox, STORIES);
		expect(await workflow.start()).toBeNull();
		later(5);
		expect(await workflow.poll()).toBeNull();
	});

	test('reports a story that was seen once and ended while n8n was down', async () => {
		const workflow = pollingWorkflow(sandbox, STORIES);
		await workflow.start();
		const { id } = sandbox.world.account('bakery').publish({ productType: 'STORY' });
		sandbox.world.account('bakery').setMediaMetric(id, 'reach', 7);
		expect(await workflow.poll()).toEqual([]);
		later(25 * 60);
		const reported = (await workflow.restart())?.filter((item) => item.id === id);
		expect(reported).toEqual([expect.objectContaining({ reach: 7, expired: true, lastReadAt: START.toISOString() })]);
	});

	test('reports a story once across a restart', async () => {
		const workflow = pollingWorkflow(sandbox, STORIES);
		const { id } = sandbox.world.account('bakery').publish({ productType: 'STORY' });
		await workflow.start();
		later(23 * 60 + 15);
		expect((await workflow.restart())?.map((item) => item.id)).toContain(id);
		expect((await workflow.restart())?.map((item) => item.id) ?? []).not.toContain(id);
	});

	test('leaves out numbers of a story that too few people saw, with the reason', async () => {
		const workflow = pollingWorkflow(sandbox, STORIES);
		await workflow.start();
		const { id } = sandbox.world.account('bakery').publish({ productType: 'STORY', fewViewers: true });
		later(23 * 60 + 30);
		const reported = (await workflow.poll())?.find((item) => item.id === id);
		expect(reported).toMatchObject({
			reach: null,
			unavailable: expect.stringContaining('reach: too-few-viewers') as string,
		});
	});

	test('shows the one that ends first in the editor', async () => {
		const [shown] = await pollingWorkflow(sandbox, STORIES).test();
		expect(shown).toMatchObject({ expired: false, minutesLeft: 24 });
	});

	test('explains in the editor that no story is live', async () => {
		await expect(pollingWorkflow(sandbox, STORIES, 'brand-new').test()).rejects.toThrow(
			'The account has no live story',
		);
	});
});

const POSTED = Date.parse('2026-11-01T00:00:00Z');
const LEAD = { leadMs: 60 * MINUTE_MS };

/** A story posted some minutes after the start, with its reach so far. */
function story(id: string, postedMinutes: number, reach = 10): LiveStory {
	return { id, expiresMs: POSTED + postedMinutes * MINUTE_MS + STORY_LIFE_MS, row: { id, reach } };
}

function at(minutes: number) {
	return { nowMs: POSTED + minutes * MINUTE_MS, ...LEAD };
}

const DAY = 24 * 60;

describe('decideStories', () => {
	test('reports a story once, when its last hour has begun', () => {
		const live = [story('a', 0)];
		let state = beginStories(live, at(0));
		const reported = [DAY - 61, DAY - 60, DAY - 30].map((minutes) => {
			const decision = decideStories(state, live, at(minutes));
			state = decision.state;
			return decision.notices.map(({ id, expired }) => ({ id, expired }));
		});
		expect(reported).toEqual([[], [{ id: 'a', expired: false }], []]);
	});

	test('reports no stories that are about to expire at the first look', () => {
		const live = [story('old', 0), story('young', 600)];
		const state = beginStories(live, at(DAY - 30));
		expect(decideStories(state, live, at(DAY - 20)).notices).toEqual([]);
		expect(decideStories(state, live.slice(1), at(DAY + 560)).notices.map(({ id }) => id)).toEqual(['young']);
	});

	test('reports a story that ended between two looks, with the numbers of the last one', () => {
		const state = decideStories(beginStories([], at(0)), [story('a', 0, 42)], at(DAY - 90)).state;
		const { notices } = decideStories(state, [], at(DAY + 5));
		expect(notices).toEqual([
			{
				id: 'a',
				row: { id: 'a', reach: 42 },
				expiresMs: POSTED + STORY_LIFE_MS,
				readMs: at(DAY - 90).nowMs,
				expired: true,
			},
		]);
	});

	test('reports no story that its owner took down', () => {
		const state = beginStories([story('a', 0)], at(0));
		const taken = decideStories(state, [], at(300));
		expect(taken.notices).toEqual([]);
		expect(decideStories(taken.state, [], at(DAY + 1)).notices).toEqual([]);
	});

	test('reports the one that ends first before the others', () => {
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

	test('forgets stories that are over', () => {
		const state = beginStories([story('a', 0)], at(0));
		const over = decideStories(state, [], at(DAY + 5)).state;
		expect(decideStories(over, [], at(DAY + 400)).state).toEqual({});
	});

	test('reports every story that was seen exactly once, and none before its last hour, at any rhythm of looks', () => {
		const posts = fc.uniqueArray(fc.nat(3_000), { maxLength: 12 });
		const pauses = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 });
		fc.assert(
			fc.property(posts, pauses, (posted, rhythm) => {
				const stories = posted.map((minutes, index) => story(`s${index}`, minutes));
				const liveAt = (minutes: number) =>
					stories.filter(({ expiresMs }) => {
						const left = expiresMs - (POSTED + minutes * MINUTE_MS);
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
