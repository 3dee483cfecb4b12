import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePort } from '../../src/n8n/free-port.ts';
import { buildNodes, installN8n, placeNodes } from '../../src/n8n/install-n8n.ts';
import { createN8nApi, type N8nSession } from '../../src/n8n/n8n-api.ts';
import { startN8n } from '../../src/n8n/start-n8n.ts';
import { GOOGLE_TO_LOOPBACK, startGoogleSheets } from './google-sheets.ts';

declare module 'vitest' {
	interface ProvidedContext {
		/** Where the shared n8n answers. */
		n8nUrl: string;
		/** Its owner's session, for `createN8nApi`. */
		n8nSession: N8nSession;
		/** The program, for tests that start an n8n of their own. */
		n8nProgram: string;
		/** Its `N8N_USER_FOLDER`. */
		n8nUserFolder: string;
		/** The stand-in for Google Sheets. */
		googleSheetsUrl: string;
	}
}

/**
 * Where the trial gives n8n other values for credential fields. n8n loads all types again for it, and knows no node meanwhile:
 * not for tests that share it with others.
 */
export const OVERWRITES = { path: 'credential-overwrites', token: 'end to end' } as const;

let stop = async (): Promise<void> => {};

/** One real n8n for all end-to-end tests, with the nodes from the packed tarball and an owner. */
export async function setup(project: TestProject): Promise<void> {
	const program = await installN8n();
	const userFolder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-e2e-'));
	await buildNodes();
	await placeNodes(userFolder);
	const sheets = await startGoogleSheets();
	const env = {
		NODE_OPTIONS: GOOGLE_TO_LOOPBACK,
		GOOGLE_SHEETS_URL: sheets.url,
		CREDENTIALS_OVERWRITE_ENDPOINT: OVERWRITES.path,
		CREDENTIALS_OVERWRITE_ENDPOINT_AUTH_TOKEN: OVERWRITES.token,
	};
	const n8n = await startN8n({ program, userFolder, port: await freePort(), env });
	stop = async () => {
		await n8n.stop();
		await sheets.stop();
		rmSync(userFolder, { recursive: true, force: true });
	};
	const owner = createN8nApi(n8n.url);
	await owner.logIn();
	project.provide('n8nUrl', n8n.url);
	project.provide('n8nSession', owner.session());
	project.provide('n8nProgram', program);
	project.provide('n8nUserFolder', userFolder);
	project.provide('googleSheetsUrl', sheets.url);
}

export const teardown = (): Promise<void> => stop();
