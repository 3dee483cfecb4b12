import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { freePort } from '../../src/n8n/free-port.ts';
import { RELAY_ADMIN_TOKEN, type RelayProcess, startRelay } from '../../src/start-relay.ts';
import { until } from '../../src/until.ts';
import { openTriggerBench, TRIGGER_NAME, type TriggerBench, type TriggerWorkflow } from './trigger-bench.ts';

/** Twice the time that the trigger tolerates. */
const OFF_MS = 600_000;

let bench: TriggerBench;
beforeAll(async () => {
	bench = await openTriggerBench(inject('n8nUrl'));
});
afterAll(() => bench.close());

describe.each([
	['ahead', OFF_MS],
	['behind', -OFF_MS],
])('a relay whose clock is ten minutes %s', (_, offMs) => {
	let folder: string;
	let relay: RelayProcess;
	let trigger: TriggerWorkflow;
	const setClock = (aheadMs: number) =>
		// Overwritten, never emptied: the relay reads it all the time.
		writeFileSync(path.join(folder, 'clock'), String(aheadMs).padEnd(20), { flag: 'r+' });

	beforeAll(async () => {
		folder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-clock-'));
		writeFileSync(path.join(folder, 'clock'), String(offMs).padEnd(20));
		trigger = await bench.workflow({ mode: 'relay' });
		await trigger.publish();
		const preload = pathToFileURL(path.join(import.meta.dirname, 'clock-ahead.mjs')).href;
		relay = await startRelay({
			port: await freePort(),
			folder: path.join(folder, 'relay'),
			subscribers: { n8n: trigger.url },
			env: { CLOCK_AHEAD_FILE: path.join(folder, 'clock'), NODE_OPTIONS: `--import=${preload}` },
		});
	});
	afterAll(async () => {
		await relay.stop();
		await trigger.unpublish();
		rmSync(folder, { recursive: true, force: true });
	});

	test('gives the clock as the reason, and delivers by itself once the clock is right', async () => {
		const [sent] = await bench.sandbox.emit({ shape: 'comments', app: 'facebook', url: relay.callbackUrl });
		expect(sent?.status).toBe(200);
		await until('the record of a refused attempt', async () => (await deliveries())[0]?.reason === 'clock-skew');
		expect(await deliveries()).toMatchObject([{ state: 'pending', reason: 'clock-skew' }]);
		expect(readFileSync(relay.logFile, 'utf8')).toContain('clock-skew');
		expect(await trigger.runs()).toEqual([]);

		setClock(0);
		const [run, ...others] = await trigger.untilRuns(1);
		expect(others).toEqual([]);
		expect(run?.items(TRIGGER_NAME).map(({ json }) => json)).toEqual([expect.objectContaining({ field: 'comments' })]);
		await until('the record of it', async () => (await deliveries())[0]?.state === 'delivered');
	});

	async function deliveries(): Promise<readonly { state: string; reason: string }[]> {
		const headers = { authorization: `Bearer ${RELAY_ADMIN_TOKEN}` };
		return (await (await fetch(`${relay.url}/api/deliveries`, { headers })).json()).rows;
	}
});
