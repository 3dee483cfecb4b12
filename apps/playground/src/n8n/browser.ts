import { existsSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import { type BrowserContext, chromium as playwright } from 'playwright-core';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';
const QUIET = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/**
 * A headless Chromium that reaches nothing but this machine: the system's own where there is one, else the one from the npm
 * registry (Linux x64).
 *
 * @param profile an empty folder
 */
export async function openBrowser(profile: string): Promise<BrowserContext> {
	const own = existsSync(SYSTEM_CHROMIUM);
	const context = await playwright.launchPersistentContext(profile, {
		executablePath: own ? SYSTEM_CHROMIUM : await chromium.executablePath(),
		args: own ? QUIET : [...chromium.args, ...QUIET],
		headless: true,
		viewport: { width: 1440, height: 900 },
		colorScheme: 'light',
	});
	// Refused at once instead of waiting for a name that cannot be looked up.
	await context.route(
		(url) => !['127.0.0.1', 'localhost'].includes(url.hostname),
		(route) => route.abort(),
	);
	return context;
}
