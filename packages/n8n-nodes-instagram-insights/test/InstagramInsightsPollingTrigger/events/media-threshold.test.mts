import { type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import type { INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CrossingRule } from '../../../nodes/InstagramInsightsPollingTrigger/events/crossing';
import {
	beginMediaCrossings,
	decideMediaCrossings,
	type MeasuredMedia,
} from '../../../nodes/InstagramInsightsPollingTrigger/events/mediaThreshold.event';
import { pollingWorkflow } from '../polling-workflow.mts';

let sandbox: Sandbox;

beforeEach(async () => {
	sandbox = await startSandbox();
});

afterEach(() => sandbox.stop());

describe('the event Media Metric Crosses a Threshold', () => {
	const VIRAL: INodeParameters = {
		event: 'mediaThreshold',
		watch: 'recent',
		mediaCount: 10,
		metric: 'views',
		comparison: 'level',
		direction: 'up',
		threshold: 1_000_000,
	};

	function newest(): string {
		return sandbox.world.account('bakery').media()[0]?.id ?? '';
	}

	function setViews(views: number, id = newest()): void {
		sandbox.world.account('bakery').setMediaMetric(id, 'views', views);
	}

	test('reports a medium when it gets there, once, with its fields', async () => {
		const workflow = pollingWorkflow(sandbox, VIRAL);
		expect(await workflow.start()).toBeNull();
		setViews(1_000_000);
		expect(await workflow.poll()).toEqual([
			expect.objectContaining({
				id: newest(),
				metric: 'views',
				value: 1_000_000,
				threshold: 1_000_000,
				direction: 'up',
				views: 1_000_000,
			}),
		]);
		setViews(2_000_000);
		expect(await workflow.poll()).toBeNull();
	});

	test('reports what happened while n8n was down', async () => {
		const workflow = pollingWorkflow(sandbox, VIRAL);
		await workflow.start();
		setViews(1_000_000);
		expect((await workflow.restart())?.map(({ id }) => id)).toEqual([newest()]);
		expect(await workflow.restart()).toBeNull();
	});

	test('can report a medium again after it went back, also across a restart', async () => {
		const workflow = pollingWorkflow(sandbox, VIRAL);
		await workflow.start();
		setViews(1_000_000);
		await workflow.poll();
		setViews(10);
		// An execution without items, because n8n saves what is remembered only along with one.
		expect(await workflow.poll()).toEqual([]);
		expect(await workflow.poll()).toBeNull();
		setViews(1_000_000);
		expect(await workflow.restart()).toHaveLength(1);
	});

	test('reports an older medium that came into view and crossed while n8n was down', async () => {
		const workflow = pollingWorkflow(sandbox, { ...VIRAL, mediaCount: 1 });
		await workflow.start();
		sandbox.world.account('bakery').remove(newest());
		setViews(10);
		// An execution without items keeps where the older one began, once.
		expect(await workflow.poll()).toEqual([]);
		expect(await workflow.poll()).toBeNull();
		setViews(1_000_000);
		expect((await workflow.restart())?.map(({ id }) => id)).toEqual([newest()]);
	});

	test('reports a crossing once when one poll is not done at the time of the next', async () => {
		const workflow = pollingWorkflow(sandbox, VIRAL);
		await workflow.start();
		setViews(1_000_000);
		const reported = await Promise.all([workflow.poll(), workflow.poll()]);
		expect(reported.flatMap((items) => items ?? [])).toHaveLength(1);
	});

	test('reports a growth in percent of a medium that began without any views', async () => {
		const workflow = pollingWorkflow(sandbox, { ...VIRAL, comparison: 'percent', threshold: 50 });
		setViews(0);
		await workflow.start();
		setViews(100);
		// An execution without items keeps the number to compare with.
		expect(await workflow.poll()).toEqual([]);
		setViews(150);
		expect((await workflow.restart())?.map(({ id }) => id)).toEqual([newest()]);
	});

	test('reports a new medium that is beyond the threshold at once', async () => {
		const workflow = pollingWorkflow(sandbox, VIRAL);
		await workflow.start();
		const { id } = sandbox.world.account('bakery').publish({ timestamp: Date.now() + 1_000 });
		setViews(5_000_000, id);
		expect((await workflow.poll())?.map((item) => item.id)).toEqual([id]);
	});

	test('watches one medium by its ID', async () => {
		const [, second] = sandbox.world.account('bakery').media();
		const workflow = pollingWorkflow(sandbox, {
			...VIRAL,
			watch: 'one',
			media: { __rl: true, mode: 'id', value: second?.id ?? '' },
		});
		await workflow.start();
		setViews(5_000_000);
		expect(await workflow.poll()).toBeNull();
		setViews(5_000_000, second?.id);
		expect((await workflow.poll())?.map(({ id }) => id)).toEqual([second?.id]);
	});

	test('starts again when the threshold is changed', async () => {
		const workflow = pollingWorkflow(sandbox, VIRAL);
		await workflow.start();
		setViews(500);
		workflow.change({ ...VIRAL, threshold: 400 });
		// An execution without items keeps the new beginning.
		expect(await workflow.poll()).toEqual([]);
		expect(await workflow.poll()).toBeNull();
	});

	test('keeps what a new medium is compared with across a restart', async () => {
		const workflow = pollingWorkflow(sandbox, { ...VIRAL, comparison: 'change', threshold: 1_000 });
		await workflow.start();
		const { id } = sandbox.world.account('bakery').publish({ timestamp: Date.now() + 1_000 });
		setViews(10, id);
		expect(await workflow.poll()).toEqual([]);
		setViews(1_010, id);
		expect((await workflow.restart())?.map((item) => item.id)).toEqual([id]);
	});

	test('reads a page of media in one request', async () => {
		const workflow = pollingWorkflow(sandbox, VIRAL);
		await workflow.start();
		sandbox.resetRequests();
		await workflow.poll();
		expect(sandbox.requests().length).toBeLessThanOrEqual(2);
	});

	test('shows the newest with a value in the editor', async () => {
		const workflow = pollingWorkflow(sandbox, VIRAL);
		expect((await workflow.test()).map(({ id, metric }) => [id, metric])).toEqual([[newest(), 'views']]);
	});

	test.each<[string, INodeParameters, string]>([
		['no number', { threshold: '' }, 'Threshold must be a number'],
		['a change of nothing', { comparison: 'percent', threshold: 0 }, 'Threshold must be above 0 for a change'],
		['no medium', { watch: 'one', media: { __rl: true, mode: 'list', value: '' } }, 'No post is chosen'],
	])('refuses %s', async (_, wrong, message) => {
		await expect(pollingWorkflow(sandbox, { ...VIRAL, ...wrong }).start()).rejects.toThrow(message);
	});
});

const RULE: CrossingRule = { comparison: 'level', direction: 'up', threshold: 100, rearmPercent: 0 };
const START = 1_000;

function measured(id: string, value: number | null, publishedMs = 0): MeasuredMedia {
	return { id, value, publishedMs };
}

function crossed(
	state: Parameters<typeof decideMediaCrossings>[1],
	list: readonly MeasuredMedia[],
	rule = RULE,
): string[] {
	return decideMediaCrossings(rule, state, list).crossed.map(({ id }) => id);
}

describe('decideMediaCrossings', () => {
	test('watches each medium by itself', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 90), measured('b', 150)], START);
		expect(crossed(state, [measured('a', 100), measured('b', 160)])).toEqual(['a']);
	});

	test('reports a medium published since the beginning that is beyond the threshold at its first look', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 90)], START);
		expect(crossed(state, [measured('viral', 5_000, START + 1), measured('a', 90)])).toEqual(['viral']);
	});

	test('does not report an older medium that comes into view', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 90)], START);
		expect(crossed(state, [measured('a', 90), measured('older', 5_000, START - 1)])).toEqual([]);
	});

	test('does not take a new medium below the threshold for a fall', () => {
		const rule: CrossingRule = { ...RULE, direction: 'down' };
		const begun = beginMediaCrossings(rule, [], START);
		const young = decideMediaCrossings(rule, begun, [measured('new', 3, START + 1)]);
		expect(young).toMatchObject({ crossed: [], mustKeep: false });
		const risen = decideMediaCrossings(rule, young.state, [measured('new', 150, START + 1)]);
		expect(risen).toMatchObject({ crossed: [], mustKeep: true });
		expect(crossed(risen.state, [measured('new', 90, START + 1)], rule)).toEqual(['new']);
	});

	test('measures changes of a new medium from its first number', () => {
		const rule: CrossingRule = { ...RULE, comparison: 'change', threshold: 50 };
		const begun = decideMediaCrossings(rule, beginMediaCrossings(rule, [], START), [measured('new', 500, START + 1)]);
		expect(begun.crossed).toEqual([]);
		expect(crossed(begun.state, [measured('new', 550, START + 1)], rule)).toEqual(['new']);
	});

	test('keeps what it knows of a medium that has no number now', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 150)], START);
		const without = decideMediaCrossings(RULE, state, [measured('a', null)]);
		expect(crossed(without.state, [measured('a', 160)])).toEqual([]);
	});

	test('reports a medium once that left the view and came back', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 50), measured('b', 50)], START);
		const crossed = decideMediaCrossings(RULE, state, [measured('a', 150)]);
		expect(crossed.crossed.map(({ id }) => id)).toEqual(['a']);
		const away = decideMediaCrossings(RULE, crossed.state, [measured('b', 50)]);
		expect(decideMediaCrossings(RULE, away.state, [measured('a', 160)]).crossed).toEqual([]);
	});

	test('remembers 500 media, those measured last', () => {
		const many = Array.from({ length: 500 }, (_, index) => measured(`m${index}`, 50));
		const state = beginMediaCrossings(RULE, many, START);
		const { media } = decideMediaCrossings(RULE, state, [measured('m0', 50), measured('new', 50)]).state;
		expect(Object.keys(media)).toHaveLength(500);
		expect(['m0', 'm1', 'new'].map((id) => id in media)).toEqual([true, false, true]);
	});

	test('says when a number was noted that later ones are compared with', () => {
		const change = { ...RULE, comparison: 'change' } as const;
		const state = beginMediaCrossings(change, [measured('a', 50)], START);
		expect(decideMediaCrossings(change, state, [measured('a', 51)]).mustKeep).toBe(false);
		expect(decideMediaCrossings(change, state, [measured('a', 51), measured('b', 7)]).mustKeep).toBe(true);
	});

	test('says when an older medium came into view that may still cross, once', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 50)], START);
		const inView = decideMediaCrossings(RULE, state, [measured('a', 50), measured('older', 60, START - 1)]);
		expect(inView.mustKeep).toBe(true);
		expect(decideMediaCrossings(RULE, inView.state, [measured('a', 50), measured('older', 61)]).mustKeep).toBe(false);
		expect(decideMediaCrossings(RULE, state, [measured('beyond', 160, START - 1)]).mustKeep).toBe(false);
	});

	test('says nothing of a new medium that begins again from 0 anyway', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 50)], START);
		expect(decideMediaCrossings(RULE, state, [measured('new', 60, START + 1)]).mustKeep).toBe(false);
	});

	test('measures percent of a medium that began at 0 from its first other number, which must be kept', () => {
		const rule: CrossingRule = { ...RULE, comparison: 'percent', threshold: 50 };
		const begun = decideMediaCrossings(rule, beginMediaCrossings(rule, [], START), [measured('new', 0, START + 1)]);
		expect(begun.mustKeep).toBe(false);
		const left = decideMediaCrossings(rule, begun.state, [measured('new', 10, START + 1)]);
		expect(left).toMatchObject({ crossed: [], mustKeep: true });
		expect(crossed(left.state, [measured('new', 15, START + 1)], rule)).toEqual(['new']);
	});

	test('says when a medium can be reported again', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 150)], START);
		expect(decideMediaCrossings(RULE, state, [measured('a', 160)]).mustKeep).toBe(false);
		expect(decideMediaCrossings(RULE, state, [measured('a', 50)]).mustKeep).toBe(true);
	});
});
