import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const ENTRIES = ['index.ts', 'undici/index.ts', 'testing/index.ts'];

test('every export has a docstring', { timeout: 60_000 }, () => {
	const paths = ENTRIES.map((entry) => fileURLToPath(new URL(`../src/${entry}`, import.meta.url)));
	const program = ts.createProgram(paths, {
		allowImportingTsExtensions: true,
		noEmit: true,
		module: ts.ModuleKind.NodeNext,
		target: ts.ScriptTarget.ES2023,
		strict: true,
	});
	const checker = program.getTypeChecker();
	const without: string[] = [];
	let seen = 0;
	for (const path of paths) {
		const source = program.getSourceFile(path);
		const symbol = source && checker.getSymbolAtLocation(source);
		for (const exported of symbol ? checker.getExportsOfModule(symbol) : []) {
			const own = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
			seen += 1;
			if (own.getDocumentationComment(checker).length === 0) without.push(own.name);
		}
	}
	expect(seen).toBeGreaterThan(150);
	expect(without).toEqual([]);
});
