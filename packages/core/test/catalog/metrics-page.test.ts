import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { markdownTable } from '../../scripts/markdown-table.ts';
import { metricsPage } from '../../scripts/metrics-page.ts';
import reference from '../fixtures/catalog.json' with { type: 'json' };

const script = fileURLToPath(new URL('../../scripts/generate-metrics-doc.ts', import.meta.url));

describe('docs/metrics.md', () => {
	test('is what the catalog generates', () => {
		expect(readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8')).toBe(metricsPage());
	});

	test('passes the check of the script', () => {
		expect(execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toContain('up to date');
	});
});

describe('metricsPage', () => {
	const page = metricsPage();

	test('names every metric of the reference', () => {
		for (const { name } of [...reference.accountMetrics, ...reference.mediaMetrics])
			expect(page).toContain(`\`${name}\``);
	});

	test('names every source and every error code of the reference', () => {
		for (const id of Object.keys(reference.sources)) expect(page).toContain(`| ${id} |`);
		for (const { code } of reference.errors) expect(page).toMatch(new RegExp(`\\| ${code}[ –]`));
	});
});

describe('markdownTable', () => {
	test('keeps a row in one piece whatever a cell holds', () => {
		expect(markdownTable(['a', 'b'], [['x|y', 'one\ntwo']])).toBe('| a | b |\n| --- | --- |\n| x\\|y | one two |');
	});
});
