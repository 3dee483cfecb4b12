/**
 * Writes docs/metrics.md from the catalog; with --check only says whether the file is up to date, and fails if not.
 * Run: npm run tool -- node packages/core/scripts/generate-metrics-doc.ts [--check]
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { metricsPage } from './metrics-page.ts';

const file = new URL('../../../docs/metrics.md', import.meta.url);
const page = metricsPage();
const upToDate = existsSync(file) && readFileSync(file, 'utf8') === page;

if (!process.argv.includes('--check')) {
	writeFileSync(file, page);
	console.log(upToDate ? 'docs/metrics.md was up to date' : 'docs/metrics.md written');
} else if (upToDate) {
	console.log('docs/metrics.md is up to date');
} else {
	console.error('docs/metrics.md is stale: npm run tool -- node packages/core/scripts/generate-metrics-doc.ts');
	process.exitCode = 1;
}
