import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inject } from 'vitest';
import { freePort } from '../../src/n8n/free-port.ts';
import { createN8nApi, type N8nApi } from '../../src/n8n/n8n-api.ts';
import { type N8nProcess, startN8n } from '../../src/n8n/start-n8n.ts';
import { GOOGLE_TO_LOOPBACK } from './google-sheets.ts';

const CLOCK = pathToFileURL(path.join(import.meta.dirname, 'clock-ahead.mjs')).href;

export type LaterN8n = {
	/** The time of this n8n. Use it for the sandbox too. */
	now(): Date;
	/** Move the clock forward, whether n8n runs or not. */
	pass(hours: number): void;
	/** Start it, with what it stored before. */
	start(): Promise<N8nApi>;
	/** End it at once, as a power failure would. */
	kill(): Promise<void>;
	/** End it and delete what it stored. */
	remove(): Promise<void>;
};

/** An n8n for one test file, whose clock the test sets ahead. */
export async function createLaterN8n(): Promise<LaterN8n> {
	const folder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-later-'));
	const clock = path.join(folder, 'clock');
	const port = await freePort();
	let aheadMs = 0;
	let server: N8nProcess | undefined;
	cpSync(path.join(inject('n8nUserFolder'), '.n8n/nodes'), path.join(folder, '.n8n/nodes'), { recursive: true });
	writeFileSync(clock, '0'.padEnd(20));
	return {
		now: () => new Date(Date.now() + aheadMs),
		pass(hours) {
			aheadMs += hours * 3_600_000;
			// Overwritten, never emptied: n8n reads it all the time.
			writeFileSync(clock, String(aheadMs).padEnd(20), { flag: 'r+' });
		},
		async start() {
			const env = {
				CLOCK_AHEAD_FILE: clock,
				GOOGLE_SHEETS_URL: inject('googleSheetsUrl'),
				NODE_OPTIONS: `--import=${CLOCK} ${GOOGLE_TO_LOOPBACK}`,
			};
			server = await startN8n({ program: inject('n8nProgram'), userFolder: folder, port, env });
			const n8n = createN8nApi(server.url);
			await n8n.logIn();
			return n8n;
		},
		async kill() {
			await server?.kill();
			// From this file n8n knows that it crashed, and then waits ten seconds.
			rmSync(path.join(folder, '.n8n/crash.journal'), { force: true });
		},
		async remove() {
			await server?.stop();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
