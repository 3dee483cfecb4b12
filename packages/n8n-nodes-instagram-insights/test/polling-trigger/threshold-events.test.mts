import { pacificDay, type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import type { INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pollingWorkflow } from './polling-workflow.mts';

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

	test('tells a medium when it gets there, once, with its fields', async () => {
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

	test('tells what happened while n8n was down', async () => {
		const workflow = pollingWorkflow(sandbox, VIRAL);
		await workflow.start();
		setViews(1_000_000);
		expect((await workflow.restart())?.map(({ id }) => id)).toEqual([newest()]);
		expect(await workflow.restart()).toBeNull();
	});

	test('can tell a medium again after it was back, also across a restart', async () => {
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

	test('tells an older medium that came into view and crossed while n8n was down', async () => {
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

	test('tells a crossing once when one poll is not done at the time of the next', async () => {
		const workflow = pollingWorkflow(sandbox, VIRAL);
		await workflow.start();
		setViews(1_000_000);
		const reported = await Promise.all([workflow.poll(), workflow.poll()]);
		expect(reported.flatMap((items) => items ?? [])).toHaveLength(1);
	});

	test('tells a growth in percent of a medium that began without any views', async () => {
		const workflow = pollingWorkflow(sandbox, { ...VIRAL, comparison: 'percent', threshold: 50 });
		setViews(0);
		await workflow.start();
		setViews(100);
		// An execution without items keeps the number to compare with.
		expect(await workflow.poll()).toEqual([]);
		setViews(150);
		expect((await workflow.restart())?.map(({ id }) => id)).toEqual([newest()]);
	});

	test('tells a medium published since that is beyond it at once', async () => {
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

	test('begins anew when the threshold is changed', async () => {
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
		['no number', { threshold: '' }, 'The Threshold is not a number'],
		['a change of nothing', { comparison: 'percent', threshold: 0 }, 'The Threshold of a change must be above 0'],
		['no medium', { watch: 'one', media: { __rl: true, mode: 'list', value: '' } }, 'No post is chosen'],
	])('refuses %s', async (_, wrong, message) => {
		await expect(pollingWorkflow(sandbox, { ...VIRAL, ...wrong }).start()).rejects.toThrow(message);
	});
});

describe('the event Account Metric Crosses a Threshold', () => {
	const YESTERDAY: INodeParameters = {
		event: 'accountThreshold',
		metric: 'views',
		dateRange: 'yesterday',
		comparison: 'level',
		direction: 'up',
		threshold: 1_000_000,
	};

	/** Pacific days before today. */
	function setViews(daysAgo: number, views: number): void {
		const day = pacificDay(new Date(Date.now() - daysAgo * 86_400_000));
		sandbox.world.account('bakery').setDay('views', day, views);
	}

	test('tells a number that gets there, once', async () => {
		const workflow = pollingWorkflow(sandbox, YESTERDAY);
		await workflow.start();
		setViews(1, 1_000_000);
		expect(await workflow.poll()).toEqual([
			expect.objectContaining({ metric: 'views', value: 1_000_000, threshold: 1_000_000, direction: 'up' }),
		]);
		expect(await workflow.poll()).toBeNull();
	});

	test('compares with the period before', async () => {
		setViews(1, 100);
		setViews(2, 100);
		const workflow = pollingWorkflow(sandbox, { ...YESTERDAY, comparison: 'percent', threshold: 50 });
		await workflow.start();
		setViews(1, 149);
		expect(await workflow.poll()).toBeNull();
		setViews(1, 150);
		expect(await workflow.poll()).toEqual([
			expect.objectContaining({ value: 150, previous: 100, change: 50, changePercent: 50 }),
		]);
	});

	test('does not start by percent while the period before is 0', async () => {
		setViews(1, 100);
		setViews(2, 0);
		const workflow = pollingWorkflow(sandbox, { ...YESTERDAY, comparison: 'percent', threshold: 50 });
		await workflow.start();
		setViews(1, 5_000);
		expect(await workflow.poll()).toBeNull();
	});

	test('tells the growth in percent of an account that began without followers', async () => {
		const metric = 'followers_count';
		const workflow = pollingWorkflow(sandbox, { ...YESTERDAY, metric, comparison: 'percent', threshold: 50 });
		const account = sandbox.world.account('bakery');
		account.setFollowers(0);
		await workflow.start();
		account.setFollowers(10);
		expect(await workflow.poll()).toEqual([]);
		account.setFollowers(15);
		expect(await workflow.restart()).toEqual([expect.objectContaining({ value: 15, change: 5, changePercent: 50 })]);
	});

	test('tells followers that are lost', async () => {
		const workflow = pollingWorkflow(sandbox, {
			...YESTERDAY,
			metric: 'followers_count',
			comparison: 'change',
			direction: 'down',
			threshold: 10,
		});
		const account = sandbox.world.account('bakery');
		account.setFollowers(1_000);
		await workflow.start();
		account.setFollowers(991);
		expect(await workflow.poll()).toBeNull();
		account.setFollowers(990);
		expect(await workflow.poll()).toEqual([
			expect.objectContaining({ metric: 'followers_count', value: 990, change: -10 }),
		]);
	});

	test('shows the present number in the editor', async () => {
		setViews(1, 4_321);
		expect(await pollingWorkflow(sandbox, YESTERDAY).test()).toEqual([
			expect.objectContaining({ metric: 'views', value: 4_321, threshold: 1_000_000 }),
		]);
	});

	test('begins with the first number when Instagram gives none at first', async () => {
		setViews(1, 5_000_000);
		const workflow = pollingWorkflow(sandbox, YESTERDAY);
		sandbox.setScenario({ scenario: 'empty-insights' });
		expect(await workflow.start()).toBeNull();
		sandbox.clearScenarios();
		expect(await workflow.poll()).toEqual([]);
		expect(await workflow.poll()).toBeNull();
		setViews(1, 10);
		expect(await workflow.poll()).toEqual([]);
		setViews(1, 5_000_000);
		expect(await workflow.poll()).toHaveLength(1);
	});

	test('keeps a beginning that came late across a restart', async () => {
		setViews(1, 10);
		const workflow = pollingWorkflow(sandbox, YESTERDAY);
		sandbox.setScenario({ scenario: 'empty-insights' });
		await workflow.start();
		sandbox.clearScenarios();
		await workflow.poll();
		setViews(1, 5_000_000);
		expect(await workflow.restart()).toHaveLength(1);
	});

	test('keeps what it knows while Instagram gives no number', async () => {
		const workflow = pollingWorkflow(sandbox, YESTERDAY);
		setViews(1, 10);
		await workflow.start();
		sandbox.setScenario({ scenario: 'empty-insights' });
		expect(await workflow.poll()).toBeNull();
		sandbox.clearScenarios();
		setViews(1, 5_000_000);
		expect(await workflow.poll()).toHaveLength(1);
	});

	test('explains in the editor that there is no number', async () => {
		sandbox.setScenario({ scenario: 'empty-insights' });
		await expect(pollingWorkflow(sandbox, YESTERDAY).test()).rejects.toThrow('Instagram has no value for this metric');
	});
});
