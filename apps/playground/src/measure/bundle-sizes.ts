import { globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

export type BundleSize = { readonly file: string; readonly bytes: number; readonly gzipBytes: number };

/** Size of each built node and credential file, as published and as the registry sends it. */
export function bundleSizes(packageFolder: string): BundleSize[] {
	return globSync('dist/**/*.{node,credentials}.js', { cwd: packageFolder })
		.sort()
		.map((file) => {
			const full = path.join(packageFolder, file);
			return { file, bytes: statSync(full).size, gzipBytes: gzipSync(readFileSync(full)).length };
		});
}
