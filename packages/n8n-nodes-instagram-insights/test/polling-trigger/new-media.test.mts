import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	beginNewMedia,
	decideNewMedia,
	GRACE_MS,
	type ListedMedia,
	type NewMediaState,
	reachesBack,
} from '../../nodes/InstagramInsightsPollingTrigger/events/newMedia.event';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-11-01T00:00:00Z');

function medium(id: string, hours: number): ListedMedia {
	return { id, publishedMs: START + hours * HOUR_MS };
}

describe('decideNewMedia', () => {
	test('tells nothing of what was there at the first look', () => {
		const list = [medium('b', 2), medium('a', 1)];
		expect(decideNewMedia(beginNewMedia(list, START), list).fresh).toEqual([]);
	});

	test('tells what is new, oldest first', () => {
		const state = beginNewMedia([medium('a', 1)], START);
		expect(decideNewMedia(state, [medium('c', 3), medium('b', 2), medium('a', 1)]).fresh).toEqual(['b', 'c']);
	});

	test('tells a medium once that stands on two pages of the list', () => {
		const state = beginNewMedia([medium('a', 1)], START);
		expect(decideNewMedia(state, [medium('c', 3), medium('b', 2), medium('b', 2), medium('a', 1)]).fresh).toEqual([
			'b',
			'c',
		]);
	});

	test('tells the first medium of an account that had none', () => {
		const state = beginNewMedia([], START);
		expect(decideNewMedia(state, [medium('a', 1)]).fresh).toEqual(['a']);
	});

	test('tells two media of the same second, seen in two looks', () => {
		const state = beginNewMedia([medium('a', 1)], START);
		const first = decideNewMedia(state, [medium('b', 2), medium('a', 1)]);
		const second = decideNewMedia(first.state, [medium('c', 2), medium('b', 2), medium('a', 1)]);
		expect([first.fresh, second.fresh]).toEqual([['b'], ['c']]);
	});

	test('tells a medium that appears after a younger one', () => {
		const state = beginNewMedia([medium('b', 40), medium('a', 1)], START);
		expect(decideNewMedia(state, [medium('b', 40), medium('late', 20), medium('a', 1)]).fresh).toEqual(['late']);
	});

	test('takes an old medium that is shown again for no news', () => {
		const state = beginNewMedia([medium('b', 100), medium('a', 99)], START);
		expect(decideNewMedia(state, [medium('b', 100), medium('a', 99), medium('unarchived', 1)]).fresh).toEqual([]);
	});

	test('does not tell a medium again that was hidden for a while', () => {
		const state = beginNewMedia([medium('b', 2), medium('a', 1)], START);
		const hidden = decideNewMedia(state, [medium('a', 1)]);
		expect(decideNewMedia(hidden.state, [medium('b', 2), medium('a', 1)]).fresh).toEqual([]);
	});

	test('tells each medium published since the first look exactly once, however looks, restarts and deletions fall', () => {
		const step = fc.oneof(
			{ weight: 3, arbitrary: fc.record({ kind: fc.constant('publish' as const), lateHours: fc.nat(40) }) },
			{ weight: 2, arbitrary: fc.constant({ kind: 'look' as const }) },
			{ weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), which: fc.nat(50) }) },
			{ weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.nat(400) }) },
		);
		fc.assert(
			fc.property(fc.nat(5), fc.array(step, { maxLength: 60 }), (before, steps) => {
				let hours = 100;
				let media = Array.from({ length: before }, (_, index) => medium(`old ${index}`, index));
				let state: NewMediaState = beginNewMedia(newestFirst(media), START + hours * HOUR_MS);
				const published = new Set<string>();
				const gone = new Set<string>();
				const reported: string[] = [];
				const look = () => {
					const decision = decideNewMedia(JSON.parse(JSON.stringify(state)), newestFirst(media));
					reported.push(...decision.fresh);
					state = decision.state;
				};
				for (const one of [...steps, { kind: 'look' as const }]) {
					hours += 1;
					if (one.kind === 'look') look();
					else if (one.kind === 'wait') hours += one.hours;
					else if (one.kind === 'publish') {
						const id = `new ${published.size}`;
						published.add(id);
						// Never from before the watch began: that would be an old medium shown again.
						media.push(medium(id, Math.max(101, hours - one.lateHours)));
					} else {
						const victim = media[one.which % Math.max(1, media.length)];
						media = media.filter((each) => each !== victim);
						if (victim !== undefined && !reported.includes(victim.id)) gone.add(victim.id);
					}
				}
				expect(reported.toSorted()).toEqual([...published].filter((id) => !gone.has(id)).toSorted());
			}),
		);
	});
});

describe('reachesBack', () => {
	const state: NewMediaState = { newestMs: START, known: [] };

	test('asks for more as long as the list ends within the time of grace', () => {
		expect(reachesBack(state, [medium('a', 1), { id: 'b', publishedMs: START - GRACE_MS }])).toBe(false);
		expect(reachesBack(state, [medium('a', 1), { id: 'b', publishedMs: START - GRACE_MS - 1 }])).toBe(true);
	});

	test('counts from the newest medium at the first look', () => {
		expect(reachesBack(null, [medium('b', 60), medium('a', 20)])).toBe(false);
		expect(reachesBack(null, [medium('b', 60), medium('a', 11)])).toBe(true);
	});
});

function newestFirst(media: readonly ListedMedia[]): ListedMedia[] {
	return media.toSorted((a, b) => (b.publishedMs ?? 0) - (a.publishedMs ?? 0));
}
