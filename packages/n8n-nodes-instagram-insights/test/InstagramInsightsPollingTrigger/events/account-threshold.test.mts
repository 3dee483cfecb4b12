import { pacificDay, type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import type { INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pollingWorkflow } from '../polling-workflow.mts';

let sandbox: Sandbox;

beforeEach(async () => {
	sandbox = await startSandbox();
});

afterEach(() => sandbox.stop());

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

	test('reports a number that gets there, once', async () => {
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

	test('reports the growth in percent of an account that began without followers', async () => {
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

	test('reports followers that are lost', async () => {
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

	test('keeps a late start across a restart', async () => {
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
