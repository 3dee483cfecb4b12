import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkChangesets, readChangesets, releaseNotes } from '../../release/changesets.mjs';

/** @type {string} */
let root;
beforeEach(() => {
	root = mkdtempSync(path.join(tmpdir(), 'changesets-'));
	mkdirSync(path.join(root, '.changeset'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** @param {string} name @param {string} text */
function write(name, text) {
	writeFileSync(path.join(root, '.changeset', name), text);
}

describe('readChangesets', () => {
	test('reads packages and words, and a rule line within the words stays', () => {
		write('b.md', '---\n"core": minor\n---\n\nOne.\n\n---\n\nTwo.\n');
		write('config.json', '{}');
		expect(readChangesets(root)).toEqual([
			{ file: '.changeset/b.md', bumps: { core: 'minor' }, summary: 'One.\n\n---\n\nTwo.' },
		]);
	});
});

describe('checkChangesets', () => {
	test('names a private package, an empty head and missing words', () => {
		write('a.md', '---\n"core": patch\n"sandbox": patch\n---\n\nWords.\n');
		write('b.md', '---\n---\n\nWords.\n');
		write('c.md', '---\n"core": patch\n---\n');
		expect(checkChangesets(readChangesets(root), ['core'])).toEqual([
			'.changeset/a.md: remove "sandbox", which is not published',
			'.changeset/b.md: name the packages that change',
			'.changeset/c.md: say what changes for users',
		]);
	});
});

describe('releaseNotes', () => {
	test('puts the words of one package below one another', () => {
		write('a.md', '---\n"core": patch\n---\n\nFirst.\n');
		write('b.md', '---\n"relay": patch\n---\n\nOther.\n');
		write('c.md', '---\n"relay": patch\n"core": minor\n---\n\nSecond.\n');
		expect(releaseNotes(readChangesets(root), 'core')).toBe('First.\n\nSecond.');
		expect(releaseNotes(readChangesets(root), 'nodes')).toBe('');
	});
});
