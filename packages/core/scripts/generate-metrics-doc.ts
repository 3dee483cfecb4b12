/**
 * Writes docs/metrics.md and docs/webhook-fields.md from the catalog; with --check only says whether they are up to date,
 * and fails if not. Run: npm run tool -- node packages/core/scripts/generate-metrics-doc.ts [--check]
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { metricsPage } from './metrics-page.ts';
import { webhookFieldsPage } from './webhook-fields-page.ts';

const PAGES = { 'docs/metrics.md': metricsPage, 'docs/webhook-fields.md': webhookFieldsPage };
const check = process.argv.includes('--check');

for (const [name, write] of Object.entries(PAGES)) {
	const file = new URL(`../../../${name}`, import.meta.url);
	const page = write();
	if (existsSync(file) && readFileSync(file, 'utf8') === page) {
		console.log(`${name} is up to date`);
	} else if (check) {
		console.error(`${name} is stale: npm run tool -- node packages/core/scripts/generate-metrics-doc.ts`);
		process.exitCode = 1;
	} else {
		writeFileSync(file, page);
		console.log(`${name} written`);
	}
}
