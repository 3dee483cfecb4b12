import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { freePort } from '../../src/n8n/free-port.ts';
import { placeNodes } from '../../src/n8n/install-n8n.ts';
import { createN8nApi, type N8nApi, type StoredWorkflow } from '../../src/n8n/n8n-api.ts';
import { type N8nProcess, startN8n } from '../../src/n8n/start-n8n.ts';
import { until } from '../../src/until.ts';
import { createPolling, POLLING_NAME } from './create-polling.ts';

const EVERY_MINUTE = { item: [{ mode: 'everyMinute' }] };

let sandbox: Sandbox;
let folder: string;
let port: number;
let server: N8nProcess;
let n8n: N8nApi;

/** This file kills its n8n, so it starts its own. */
beforeAll(async () => {
	sandbox = await startSandbox();
	folder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-polling-'));
	port = await freePort();
	await placeNodes(folder);
	await start();
});

afterAll(async () => {
	await server.stop();
	await sandbox.stop();
	rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
	server = await startN8n({ program: inject('n8nProgram'), userFolder: folder, port });
	n8n = createN8nApi(server.url);
	await n8n.logIn();
}

async function crashAndStart(whileDown: () => void): Promise<void> {
	await server.kill();
	// From this file n8n knows that it crashed, and then waits ten seconds.
	rmSync(path.join(folder, '.n8n/crash.journal'));
	whileDown();
	await start();
}

const credential = () => ({
	accessToken: sandbox.world.account('bakery').tokens.instagram,
	baseUrl: sandbox.instagramUrl,
});

/** @param asks a field that only this workflow asks for, by which its first poll is known */
async function publish(asks: string, parameters: Record<string, unknown>): Promise<StoredWorkflow> {
	const workflow = await createPolling(n8n, credential(), { pollTimes: EVERY_MINUTE, ...parameters });
	sandbox.resetRequests();
	await n8n.activate(workflow);
	// n8n polls once when a workflow is published, a moment after it has answered.
	await until('the first poll', () => sandbox.requests().some(({ query }) => query.fields?.includes(asks)));
	return workflow;
}

/** The items of all runs, oldest first. */
async function reported({ id }: StoredWorkflow): Promise<unknown[]> {
	const ids = (await n8n.executionIds(id)).reverse();
	const runs = await Promise.all(ids.map((one) => n8n.execution(one)));
	return runs.flatMap((run) => run.items(POLLING_NAME).map(({ json }) => json.id));
}

describe('the polling trigger', () => {
	test('reports each new post and each crossing once, across a crash of n8n', async () => {
		const bakery = sandbox.world.account('bakery');
		const [watched] = bakery.media();
		const views = (count: number) => bakery.setMediaMetric(watched?.id ?? '', 'views', count);
		const newMedia = await publish('media_product_type', { event: 'newMedia' });
		const ofViews = { metric: 'views', threshold: 1_000_000, mediaCount: 5 };
		const threshold = await publish('insights.metric(views)', { event: 'mediaThreshold', ...ofViews });
		expect([await reported(newMedia), await reported(threshold)]).toEqual([[], []]);

		// At the next poll: n8n's shortest interval is a minute.
		const first = bakery.publish({ caption: 'while n8n runs' });
		views(1_000_000);
		await until('the first post', async () => (await reported(newMedia)).length > 0);
		await until('the first crossing', async () => (await reported(threshold)).length > 0);
		expect([await reported(newMedia), await reported(threshold)]).toEqual([[first.id], [watched?.id]]);

		// The views fall below the threshold, and rise above it while n8n is down: n8n must not forget that they fell.
		views(10);
		await until('the run without items', async () => (await n8n.executionIds(threshold.id)).length > 1);
		let second = first;
		await crashAndStart(() => {
			second = bakery.publish({ caption: 'while n8n is down' });
			views(2_000_000);
		});
		await until('the second crossing', async () => (await reported(threshold)).length > 1);
		await until('the second post', async () => (await reported(newMedia)).length > 1);
		expect([await reported(newMedia), await reported(threshold)]).toEqual([
			[first.id, second.id],
			[watched?.id, watched?.id],
		]);
	}, 900_000);

	test('shows the latest in the editor and remembers nothing of it', async () => {
		const workflow = await createPolling(n8n, credential(), { event: 'storyExpiring' });
		const run = await n8n.run(workflow, POLLING_NAME);
		expect(run.error?.message).toBeUndefined();
		expect(run.items(POLLING_NAME).map(({ json }) => json)).toEqual([
			expect.objectContaining({ format: 'Story', expired: false, reach: expect.any(Number) }),
		]);
	});
});
