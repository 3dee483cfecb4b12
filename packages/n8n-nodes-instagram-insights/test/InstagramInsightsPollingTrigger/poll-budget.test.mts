import { type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import fc from 'fast-check';
import type { INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
	beginNewMedia,
	freshMedia,
	GRACE_MS,
	type ListedMedia,
	type NewMediaState,
	reachesBack,
	rememberNewMedia,
} from '../../nodes/InstagramInsightsPollingTrigger/events/newMedia.event';
import { type PollingWorkflow, pollingWorkflow } from './polling-workflow.mts';

const HOUR_MS = 3_600_000;

describe('new media over looks that run out of time', () => {
	const START = Date.parse('2026-11-01T00:00:00Z');
	/** What happens between two looks, and how far the next look gets: media listed, and media whose numbers it reads. */
	const round = fc.record({
		hours: fc.nat(90),
		published: fc.nat(9),
		late: fc.nat(47),
		lists: fc.integer({ min: 1, max: 9 }),
		reads: fc.integer({ min: 1, max: 9 }),
	});

	test('start the workflow exactly once each, whatever each look had time for', () => {
		fc.assert(
			fc.property(fc.nat(4), fc.array(round, { maxLength: 30 }), (before, rounds) => {
				const media: ListedMedia[] = Array.from({ length: before }, (_, index) => ({
					id: `old ${index}`,
					publishedMs: START - index * HOUR_MS,
				}));
				let now = START + HOUR_MS;
				let state: NewMediaState = beginNewMedia(media, START);
				const reported: string[] = [];
				let published = 0;
				const look = (lists: number, reads: number) => {
					const known = JSON.parse(JSON.stringify(state)) as NewMediaState;
					// Meta narrows the list to a day at most.
					const dayEnd = known.rest === undefined ? Number.POSITIVE_INFINITY : known.rest.untilMs + 20 * HOUR_MS;
					const whole = media
						.filter(({ publishedMs }) => (publishedMs ?? 0) <= dayEnd)
						.toSorted((a, b) => (b.publishedMs ?? 0) - (a.publishedMs ?? 0));
					const again = whole.filter(({ publishedMs }) => (publishedMs ?? 0) > (known.rest?.untilMs ?? dayEnd)).length;
					// A page holds more than was published in a day, so every look lists something it has not passed.
					const listed = whole.slice(0, again + lists + 9);
					const isWhole = listed.length === whole.length || reachesBack(known, listed);
					const fresh = freshMedia(known, listed);
					const handedOver = Math.min(reads, fresh.length);
					reported.push(...fresh.slice(0, handedOver));
					state = rememberNewMedia(known, listed, { handedOver, isWhole });
				};
				for (const { hours, published: count, late, lists, reads } of rounds) {
					now += hours * HOUR_MS;
					for (let index = 0; index < count; index += 1) {
						now += 1_000;
						media.push({ id: `new ${published}`, publishedMs: Math.max(START + 1, now - late * HOUR_MS) });
						published += 1;
					}
					look(lists, reads);
				}
				for (let index = 0; index < published + 5; index += 1) look(500, 500);
				expect(state.rest).toBeUndefined();
				expect(reported.toSorted()).toEqual(Array.from({ length: published }, (_, index) => `new ${index}`).toSorted());
			}),
			{ numRuns: 300 },
		);
	});

	test('forget where to continue once everything is handed over', () => {
		const at = (id: string, hours: number): ListedMedia => ({ id, publishedMs: START + hours * HOUR_MS });
		const state = beginNewMedia([at('a', 0)], START);
		const list = [at('d', 90), at('c', 60), at('b', 30), at('a', 0)];
		const cut = rememberNewMedia(state, list.slice(0, 2), { handedOver: 2, isWhole: false });
		expect(cut).toEqual({
			newestMs: START,
			known: ['a'],
			rest: { topMs: START + 90 * HOUR_MS, untilMs: START + 60 * HOUR_MS, handed: ['d', 'c'] },
		});
		expect(freshMedia(cut, list)).toEqual(['b']);
		const done = rememberNewMedia(cut, list, { handedOver: 1, isWhole: true });
		expect(done.newestMs).toBe(START + 90 * HOUR_MS);
		expect(done.known).toEqual(expect.arrayContaining(['d', 'c']));
		expect(GRACE_MS).toBe(48 * HOUR_MS);
	});
});

describe('a poll whose time is up', () => {
	let sandbox: Sandbox;
	beforeEach(async () => {
		sandbox = await startSandbox();
	});
	afterEach(() => sandbox.stop());
	const bakery = () => sandbox.world.account('bakery');
	const idsOf = (items: Awaited<ReturnType<PollingWorkflow['poll']>>) => (items ?? []).map(({ id }) => String(id));

	/** Polls with so many requests each until nothing is left to report. */
	async function drain(workflow: PollingWorkflow, requests: number): Promise<string[][]> {
		workflow.allow(requests);
		const polls: string[][] = [];
		for (let poll = 0; poll < 60; poll += 1) {
			const items = await workflow.poll();
			if (items === null) break;
			polls.push(idsOf(items));
		}
		return polls;
	}

	test('hands over the new posts it could read, and the next one continues, also across restarts', async () => {
		const workflow = pollingWorkflow(sandbox, { event: 'newMedia', includeInsights: true, metrics: ['views'] });
		await workflow.start();
		const published = Array.from(
			{ length: 40 },
			(_, index) => bakery().publish({ timestamp: Date.now() - (40 - index) * 1_000 }).id,
		);
		workflow.allow(30);
		const first = idsOf(await workflow.poll());
		expect(first.length).toBeGreaterThan(0);
		expect(first.length).toBeLessThan(40);
		const second = idsOf(await workflow.restart());
		const polls = [first, second, ...(await drain(workflow, 30))];
		expect(polls.flat().toSorted()).toEqual(published.toSorted());
	});

	test('lists at most 20 pages, and the next one continues after them', async () => {
		const workflow = pollingWorkflow(sandbox, { event: 'newMedia' });
		await workflow.start();
		const published = Array.from(
			{ length: 2_150 },
			(_, index) => bakery().publish({ timestamp: Date.now() - (2_150 - index) * 60_000 }).id,
		);
		const polls = [idsOf(await workflow.poll()), idsOf(await workflow.poll())];
		expect(polls.map(({ length }) => length)).toEqual([2_000, 150]);
		expect(polls.flat().toSorted()).toEqual(published.toSorted());
		expect(idsOf(await workflow.poll())).toEqual([]);
	});

	const OVER: INodeParameters = {
		event: 'mediaThreshold',
		watch: 'recent',
		mediaCount: 40,
		metric: 'views',
		threshold: 1_000_000,
	};

	test('gives every watched post its turn', async () => {
		const workflow = pollingWorkflow(sandbox, OVER);
		await workflow.start();
		const watched = bakery()
			.media()
			.slice(0, 40)
			.map(({ id }) => id);
		for (const id of watched) bakery().setMediaMetric(id, 'views', 2_000_000);
		workflow.allow(0);
		expect(await workflow.poll()).toEqual([]);
		expect(workflow.log.at(-1)).toMatch(/ran out of time/);
		const polls = await drain(workflow, 16);
		expect(polls.length).toBeGreaterThan(2);
		expect(polls.flat().toSorted()).toEqual(watched.toSorted());
	});

	test('reports the stories that expire first, and every story once', async () => {
		const workflow = pollingWorkflow(sandbox, { event: 'storyExpiring', minutesBefore: 1380, metrics: ['reach'] });
		await workflow.start();
		const stories = Array.from(
			{ length: 30 },
			(_, index) => bakery().publish({ productType: 'STORY', timestamp: Date.now() - (2 + index / 10) * HOUR_MS }).id,
		);
		workflow.allow(0);
		expect(await workflow.poll()).toEqual([]);
		const polls = await drain(workflow, 16);
		expect(polls.length).toBeGreaterThan(1);
		expect(polls[0]).toEqual(expect.arrayContaining(stories.slice(-3)));
		expect(polls.flat().toSorted()).toEqual(stories.toSorted());
	});

	test('reports an error when not even one request was answered, and loses nothing', async () => {
		const workflow = pollingWorkflow(sandbox, { event: 'newMedia' });
		await workflow.start();
		const { id } = bakery().publish();
		workflow.allow(0);
		await expect(workflow.poll()).rejects.toMatchObject({
			message: expect.stringContaining('did not answer within the time that n8n gives a poll') as string,
			description: expect.stringContaining('the next poll tries again') as string,
		});
		workflow.allow(undefined);
		expect(idsOf(await workflow.poll())).toEqual([id]);
	});
});
