import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { PACKAGE_FOLDER, unpackedPackage } from '../scripts/unpacked-package.mts';

const run = promisify(execFile);
const { nodes, credentials } = manifest.n8n;
const FILES = [...nodes, ...credentials];

let packed: Awaited<ReturnType<typeof unpackedPackage>>;
beforeAll(async () => {
	await run('pnpm', ['run', 'build'], { cwd: PACKAGE_FOLDER });
	packed = await unpackedPackage();
	loaded = await loadAll();
}, 120_000);
afterAll(() => packed.remove());

/** What a compiled file asks of its surroundings. */
function requiredBy(source: string): string[] {
	return [...source.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name = '']) => name);
}

type Loaded = {
	readonly className: string;
	readonly icon: { readonly light: string; readonly dark: string };
	readonly name: string;
	readonly documentationUrl?: string;
};

function classNameOf(path: string): string {
	return path.replace(/^.*\//, '').replace(/\.(node|credentials)\.js$/, '');
}

/**
 * What n8n sees of the compiled files: it requires each and makes the class of the file's name. In a process of its own,
 * because the test runner resolves packages its own way.
 */
async function loadAll(): Promise<Map<string, Loaded>> {
	const script = `console.log(JSON.stringify(${JSON.stringify(FILES.map((path) => [path, classNameOf(path)]))}.map(([path, className]) => {
		const one = new (require('./' + path)[className])();
		const { icon, name } = one.description ?? one;
		return [path, { className: one.constructor.name, icon, name, documentationUrl: one.documentationUrl }];
	})));`;
	const { stdout } = await run(process.execPath, ['-e', script], { cwd: PACKAGE_FOLDER });
	return new Map(JSON.parse(stdout) as [string, Loaded][]);
}

let loaded: Map<string, Loaded>;
function load(path: string): Loaded {
	const found = loaded.get(path);
	if (found === undefined) throw new Error(`${path} was not loaded`);
	return found;
}

describe('the packed tarball', () => {
	test('holds dist, the README, the licence and the manifest, nothing else', () => {
		expect(readdirSync(packed.folder).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
	});

	test('has only bundles, icons, codex files and output schemas in dist', () => {
		const files = readdirSync(join(packed.folder, 'dist'), { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map(({ name, parentPath }) => join(parentPath, name).slice(packed.folder.length + 1));
		const known = files.filter(
			(file) =>
				FILES.includes(file) ||
				/^dist\/icons\/\w+(\.dark)?\.svg$/.test(file) ||
				/^dist\/nodes\/\w+\/\w+\.node\.json$/.test(file) ||
				/^dist\/nodes\/\w+\/__schema__\/v[\d.]+\/.+\.json$/.test(file),
		);
		expect(files).toEqual(known);
		for (const file of FILES) expect(files).toContain(file);
	});

	test('needs no package at run time', () => {
		const published = JSON.parse(readFileSync(join(packed.folder, 'package.json'), 'utf8')) as Record<string, unknown>;
		expect(published.dependencies ?? {}).toEqual({});
		expect(published.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});
});

describe('n8n at its start', () => {
	test('loads the package without locale data', async () => {
		const script = `
			require('n8n-workflow'); require('zod/v4');
			const used = [];
			const watch = (owner, name) => {
				const noted = (call) => (target, ...more) => { used.push(name); return Reflect[call](target, ...more); };
				owner[name] = new Proxy(owner[name], { apply: noted('apply'), construct: noted('construct') });
			};
			for (const name of Object.getOwnPropertyNames(Intl)) if (typeof Intl[name] === 'function') watch(Intl, name);
			for (const { prototype } of [String, Number, Date]) {
				for (const name of Object.getOwnPropertyNames(prototype)) if (/locale/i.test(name)) watch(prototype, name);
			}
			'a'.localeCompare('b');
			for (const [path, className] of ${JSON.stringify(FILES.map((path) => [path, classNameOf(path)]))}) new (require('./' + path)[className])();
			console.log(JSON.stringify(used));`;
		const { stdout } = await run(process.execPath, ['-e', script], { cwd: PACKAGE_FOLDER });
		expect(JSON.parse(stdout)).toEqual(['localeCompare']);
	});
});

describe.each(FILES)('%s', (path) => {
	const source = () => readFileSync(join(packed.folder, path), 'utf8');

	test('requires only what n8n provides', () => {
		for (const name of requiredBy(source())) expect(['n8n-workflow', 'zod/v4', 'node:crypto']).toContain(name);
	});

	test('stays small enough for n8n to load at once: 450 kB', () => {
		expect(source().length).toBeLessThanOrEqual(450_000);
	});

	test('holds no facts that only the docs show, and reads none of them', () => {
		expect(source()).not.toMatch(/^\s*(?:says|confidence): "|\.(?:says|confidence)\b/m);
	});

	test('is legible: no line is as long as minified code has them', () => {
		const longest = Math.max(
			...source()
				.split('\n')
				.map((line) => line.length),
		);
		expect(longest).toBeLessThan(2000);
	});

	test('exports the class that n8n looks for', () => {
		expect(load(path).className).toBe(classNameOf(path));
	});

	test('finds its icons', () => {
		const { icon } = load(path);
		for (const file of [icon.light, icon.dark]) {
			expect(existsSync(join(packed.folder, path, '..', file.replace('file:', ''))), file).toBe(true);
		}
	});
});

describe.each(nodes)('%s', (path) => {
	test('has a codex file of its own name', () => {
		const { name } = load(path);
		const codex = JSON.parse(readFileSync(join(packed.folder, path.replace(/\.js$/, '.json')), 'utf8')) as {
			node: string;
			categories: string[];
			alias: string[];
		};
		expect(codex.node).toBe(`n8n-nodes-instagram-insights.${name}`);
		expect(codex.categories).toContain('Analytics');
		expect(codex.alias).toContain('Instagram');
	});
});

describe('the credentials', () => {
	test('point to a heading of the README', () => {
		const readme = readFileSync(join(packed.folder, 'README.md'), 'utf8');
		const anchors = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
			title
				.toLowerCase()
				.replace(/[^\w\- ]/g, '')
				.replaceAll(' ', '-'),
		);
		for (const path of credentials) {
			const { documentationUrl = '' } = load(path);
			expect(anchors, path).toContain(documentationUrl.split('#')[1]);
		}
	});
});
