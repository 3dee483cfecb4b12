import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, INSIGHTS_NODE, openBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench();
});
afterAll(() => bench.close());

describe('metric: getMany', () => {
	test('lists the catalog, with the replacement of each removed metric, without a request to Meta', async () => {
		bench.sandbox.resetRequests();
		const rows = await bench.rows('instagramLogin', { resource: 'metric', operation: 'getMany', returnAll: true });
		expect(rows.find(({ metric, level }) => metric === 'reach' && level === 'account')).toMatchObject({
			title: 'Reach (Accounts Reached)',
			hosts: 'graph.instagram.com, graph.facebook.com',
			addsUp: false,
			daily: true,
			removedOn: null,
		});
		expect(rows.find(({ metric, level }) => metric === 'impressions' && level === 'account')).toMatchObject({
			status: 'removed',
			replacement: 'views',
		});
		expect(bench.sandbox.counts().httpRequests).toBe(0);
	});

	test('lists only the media metrics of one host', async () => {
		const options = { level: 'media', host: 'graph.instagram.com', includeRemoved: false };
		const rows = await bench.rows('facebookLogin', { resource: 'metric', operation: 'getMany', options });
		const names = rows.map(({ metric }) => metric);
		expect(names).toEqual(expect.arrayContaining(['reach', 'saved', 'ig_reels_avg_watch_time']));
		// Facebook Login only.
		expect(names).not.toContain('total_views');
		expect(new Set(rows.map(({ level }) => level))).toEqual(new Set(['media']));
	});
});

describe('the node types', () => {
	test('include the node as a tool for AI agents, with a description to choose it by', async () => {
		const types = await bench.n8n.call<{ name: string; description: string }[]>('GET', '/types/nodes.json');
		const tool = types.find(({ name }) => name === `${INSIGHTS_NODE}Tool`);
		expect(tool?.description).toMatch(/Instagram/);
		expect(types.map(({ name }) => name)).toEqual(
			expect.arrayContaining([
				`${INSIGHTS_NODE}Trigger`,
				'n8n-nodes-instagram-insights.instagramInsightsPollingTrigger',
			]),
		);
	});
});
