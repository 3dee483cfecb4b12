import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { freePort } from '../../src/n8n/free-port.ts';
import { placeNodes } from '../../src/n8n/install-n8n.ts';
import { type N8nProcess, startN8n } from '../../src/n8n/start-n8n.ts';
import { type RelayProcess, startRelay } from '../../src/start-relay.ts';
import { until } from '../../src/until.ts';
import { openTriggerBench, TRIGGER_NAME, type TriggerBench, type TriggerWorkflow } from './trigger-bench.ts';

const EVENTS = 200;

let folder: string;
let port: number;
let server: N8nProcess;
let bench: TriggerBench;
let relay: RelayProcess;
let trigger: TriggerWorkflow;

/** This file restarts its n8n, so it starts its own. */
beforeAll(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-burst-'));
	port = await freePort();
	await placeNodes(folder);
	await start();
	bench = await openTriggerBench(server.url);
	trigger = await bench.workflow({ mode: 'relay' });
	await trigger.publish();
	relay = await startRelay({
		port: await freePort(),
		folder: path.join(folder, 'relay'),
		subscribers: { n8n: trigger.url },
	});
	await bench.registerCallback(relay.callbackUrl, 'playground');
});

afterAll(async () => {
	await bench.close();
	await relay.stop();
	await server.stop();
	rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
	// n8n answers before a workflow has run: one that is killed in the middle is n8n's loss, so it gets time to finish.
	server = await startN8n({ program: inject('n8nProgram'), userFolder: folder, port, stopSeconds: 120 });
}

describe('a restart of n8n in the middle of a burst', () => {
	test('loses none of 200 events: each starts the workflow', async () => {
		const sent: string[] = [];
		const send = async (count: number) => {
			for (let index = 0; index < count; index += 1) {
				const [emitted] = await bench.sandbox.emit({ shape: 'comments', app: 'facebook', url: relay.callbackUrl });
				// Only events acknowledged with 200 count.
				expect(emitted?.status).toBe(200);
				sent.push(...commentIds(emitted?.body));
			}
		};
		await send(EVENTS / 4);
		await trigger.untilRuns(1);
		await server.stop();
		await send(EVENTS / 4);
		const starting = start();
		// While n8n starts it answers 200 to webhooks that it then forgets.
		await send(EVENTS / 2);
		await starting;
		expect(new Set(sent).size).toBe(EVENTS);

		const seen = new Map<string, number>();
		const read = new Set<string>();
		await until(
			`all ${EVENTS} events in executions`,
			async () => {
				for (const id of await bench.n8n.executionIds(trigger.workflow.id)) {
					if (read.has(id)) continue;
					const run = await bench.n8n.execution(id);
					read.add(id);
					for (const { json } of run.items(TRIGGER_NAME)) {
						seen.set(String(json.comment_id), (seen.get(String(json.comment_id)) ?? 0) + 1);
					}
				}
				return sent.every((id) => seen.has(id));
			},
			600_000,
		);
		expect(sent.filter((id) => !seen.has(id))).toEqual([]);
	}, 900_000);
});

function commentIds(body = ''): string[] {
	const { entry } = JSON.parse(body) as { entry: { changes: { value: { id: string } }[] }[] };
	return entry.flatMap(({ changes }) => changes.map(({ value }) => value.id));
}
