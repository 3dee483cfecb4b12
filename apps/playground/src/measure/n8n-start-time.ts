import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../n8n/free-port.ts';
import { NODES_PACKAGE_NAME, placeNodes } from '../n8n/place-nodes.ts';
import { startN8n } from '../n8n/start-n8n.ts';
import { median } from './median.ts';

const TIMES = 5;

export type N8nStart = {
	/** until its editor answers */
	readonly ms: number;
	/** resident memory of n8n's main process just then */
	readonly megabytes: number;
};

/**
 * What n8n's start costs with the package installed and without, in turns on one migrated database.
 *
 * @returns medians
 */
export async function n8nStarts(program: string): Promise<{ with: N8nStart; without: N8nStart }> {
	const userFolder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-measure-'));
	const installed = path.join(userFolder, '.n8n/nodes/node_modules', NODES_PACKAGE_NAME);
	const start = async (): Promise<N8nStart> => {
		const startedAt = performance.now();
		const n8n = await startN8n({ program, userFolder, port: await freePort() });
		const ms = performance.now() - startedAt;
		const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${n8n.pid}/status`, 'utf8')) ?? [];
		await n8n.stop();
		return { ms, megabytes: Number(kilobytes) / 1024 };
	};
	try {
		await start(); // Migrates the database.
		const runs: { with: N8nStart; without: N8nStart }[] = [];
		for (let round = 0; round < TIMES; round++) {
			rmSync(installed, { recursive: true, force: true });
			const without = await start();
			await placeNodes(userFolder);
			runs.push({ with: await start(), without });
		}
		const middle = (of: 'with' | 'without'): N8nStart => ({
			ms: median(runs.map((run) => run[of].ms)),
			megabytes: median(runs.map((run) => run[of].megabytes)),
		});
		return { with: middle('with'), without: middle('without') };
	} finally {
		rmSync(userFolder, { recursive: true, force: true });
	}
}
