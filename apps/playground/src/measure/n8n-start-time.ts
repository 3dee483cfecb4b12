import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../n8n/free-port.ts';
import { NODES_PACKAGE_NAME, placeNodes } from '../n8n/place-nodes.ts';
import { startN8n } from '../n8n/start-n8n.ts';
import { median } from './median.ts';

const TIMES = 5;

/**
 * How long n8n takes until its editor answers, with the package installed and without, in turns on one migrated database.
 *
 * @returns medians in milliseconds
 */
export async function n8nStartMs(program: string): Promise<{ with: number; without: number }> {
	const userFolder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-measure-'));
	const installed = path.join(userFolder, '.n8n/nodes/node_modules', NODES_PACKAGE_NAME);
	const startMs = async () => {
		const startedAt = performance.now();
		const n8n = await startN8n({ program, userFolder, port: await freePort() });
		const ms = performance.now() - startedAt;
		await n8n.stop();
		return ms;
	};
	try {
		await startMs(); // Migrates the database.
		const runs: { with: number; without: number }[] = [];
		for (let round = 0; round < TIMES; round++) {
			rmSync(installed, { recursive: true, force: true });
			const without = await startMs();
			await placeNodes(userFolder);
			runs.push({ with: await startMs(), without });
		}
		return { with: median(runs.map((run) => run.with)), without: median(runs.map((run) => run.without)) };
	} finally {
		rmSync(userFolder, { recursive: true, force: true });
	}
}
