import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
	.split('\n')
	.filter((file) => file !== '' && existsSync(path.join(root, file)));

/** What a text names as a file: `core/src/index.ts`, `limit.ts`. A name that ends another one is the same file. */
function filesIn(text: string): string[] {
	const names = [...text.matchAll(/`([\w@./-]+\.(?:[cm]?[jt]s|sql|jsonc?|md|ya?ml))`/g)].map(([, file = '']) => file);
	return [...new Set(names)].filter((name) => !names.some((other) => other.endsWith(`/${name}`)));
}

/** The guides leave out the start of a path where the paragraph has said it, and say `core` for its package. */
function isThere(file: string): boolean {
	const path = file.replace(/^core\/(?=test\/|src\/)/, 'packages/core/').replace(/^core\//, 'packages/core/src/');
	return tracked.some((one) => one === path || one.endsWith(`/${path}`));
}

describe.each(['CONTRIBUTING.md', 'ARCHITECTURE.md'])('%s', (guide) => {
	const text = read(guide);

	test('names files that are there', () => {
		const files = filesIn(text);
		expect(files.length).toBeGreaterThan(20);
		expect(files.filter((file) => !isThere(file))).toEqual([]);
	});

	test('names commands and vitest projects that are there', () => {
		const { scripts } = JSON.parse(read('package.json'));
		const commands = [...text.matchAll(/(?<=^|`)npm (?:run )?([a-z-]+)/gm)].map(([, name = '']) => name);
		expect(commands).not.toEqual([]);
		expect(commands.filter((name) => !(name in scripts))).toEqual([]);
		const config = read('vitest.config.ts');
		const projects = [...text.matchAll(/--project ([\w-]+)/g)].map(([, name]) => name);
		expect(projects.filter((name) => !config.includes(`project('${name}'`))).toEqual([]);
	});
});

describe('the walks of ARCHITECTURE.md', () => {
	const text = read('ARCHITECTURE.md');

	test.each([
		[
			/goes through (\S+) files from the socket to n8n[\s\S]*?\n\nAn event has/,
			{ 'twenty-one': 21, 'twenty-two': 22, twenty: 20 },
		],
		[/\*Account: Get Insights\*, in (\d+) files[\s\S]*?\n\nOn the way/, {}],
	] as [RegExp, Record<string, number>][])('name as many files as they say: %s', (section, words) => {
		const [walk = '', number = ''] = section.exec(text) ?? [];
		expect(filesIn(walk)).toHaveLength(words[number] ?? Number(number));
	});
});

describe('the recipes of CONTRIBUTING.md', () => {
	const [, recipes = ''] = read('CONTRIBUTING.md').split(/^## Recipes$([\s\S]*?)^## /m);
	const [, ...parts] = recipes.split('\n### ');

	test('are more than ten', () => {
		expect(parts.length).toBeGreaterThan(10);
	});

	test('name constants and functions that are there', () => {
		const names = [...recipes.matchAll(/`([A-Z]+_[A-Z_]+|[a-z]+[A-Z]\w+)(?:\(\))?`/g)].map(([, name = '']) => name);
		expect(names.length).toBeGreaterThan(20);
		const sources = tracked
			.filter((file) => /\.[cm]?ts$/.test(file))
			.map(read)
			.join('\n');
		expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(sources))).toEqual([]);
	});

	test.each(parts.map((part) => [part.split('\n')[0], part]))('%s: at most six files to open', (_, part = '') => {
		expect(filesIn(part).length).toBeLessThanOrEqual(6);
	});
});

describe('the dev container', () => {
	const container = parse(read('.devcontainer/devcontainer.json').replaceAll(/^\s*\/\/.*$/gm, ''));

	test("has the project's Node", () => {
		const [, wanted] = /NODE_VERSION = '(\d+)\./.exec(read('scripts/bootstrap/bring-tools.mjs')) ?? [];
		expect(container.image).toMatch(new RegExp(`/javascript-node:${wanted}-`));
	});

	test('forwards the ports of the playground', () => {
		const ports = [...read('apps/playground/src/start.ts').matchAll(/\?\? '(\d{4})'/g)].map(([, port]) => Number(port));
		expect(ports).toHaveLength(3);
		expect([...container.forwardPorts].sort()).toEqual(ports.sort());
		expect(Object.keys(container.portsAttributes).map(Number).sort()).toEqual(ports);
	});

	test('has the extensions that are recommended outside it, and nothing secret', () => {
		const { recommendations } = parse(read('.vscode/extensions.json'));
		expect(container.customizations.vscode.extensions).toEqual(recommendations);
		expect(Object.keys(container).filter((key) => /env|secret/i.test(key))).toEqual([]);
	});
});
