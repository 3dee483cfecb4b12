import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { metricsPage } from '../../scripts/metrics-page.ts';
import { markdownTable } from '../../scripts/platform-sections.ts';
import { ACCOUNT_METRICS } from '../../src/catalog/account-metric.ts';
import { GRAPH_ERROR_CODES } from '../../src/catalog/graph-error-code.ts';
import { LOGINS } from '../../src/catalog/host.ts';
import { MEDIA_METRICS } from '../../src/catalog/media-metric.ts';
import { SOURCES } from '../../src/catalog/source.ts';

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

	test('names every metric, login, source and error code', () => {
		for (const name of [...Object.keys(ACCOUNT_METRICS), ...Object.keys(MEDIA_METRICS)])
			expect(page).toContain(`\`${name}\``);
		for (const { title } of Object.values(LOGINS)) expect(page).toContain(title);
		for (const id of Object.keys(SOURCES)) expect(page).toContain(`| ${id} |`);
		for (const { code } of GRAPH_ERROR_CODES) expect(page).toMatch(new RegExp(`\\| ${code ?? 'any'}[ –]`));
	});

	test('gives the time zone of hours, or says that it is unknown', () => {
		expect(page).toMatch(/`online_followers`.*The hours are in a time zone that Meta does not name\./);
	});
});

describe('markdownTable', () => {
	test('keeps a row on one line, whatever a cell contains', () => {
		expect(markdownTable(['a', 'b'], [['x|y', 'one\ntwo']])).toBe('| a | b |\n| --- | --- |\n| x\\|y | one two |');
	});
});
