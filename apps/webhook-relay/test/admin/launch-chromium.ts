import { existsSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
import { onTestFinished } from 'vitest';

const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** A headless Chromium that ends with the test: the machine's own, or the one from the npm registry (Linux x64). */
export async function launchChromium() {
	const installed = '/usr/bin/chromium';
	const browser = existsSync(installed)
		? await playwright.launch({ executablePath: installed, args: ['--no-sandbox', ...QUIET] })
		: await playwright.launch({ executablePath: await chromium.executablePath(), args: [...chromium.args, ...QUIET] });
	onTestFinished(() => browser.close());
	return browser;
}
