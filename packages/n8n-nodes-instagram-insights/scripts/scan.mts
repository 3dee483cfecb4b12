/**
 * Both legs of n8n's scan of community packages, on a package that is not published yet: the sources as they stand, and
 * the compiled files of the tarball. Exits with 1 when either finds a violation. Run `build` before.
 */
import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';
import { PACKAGE_FOLDER, unpackedPackage } from './unpacked-package.mts';

type Verdict = { passed: boolean; message?: string; details?: string };

const { folder, remove } = await unpackedPackage();
try {
	const legs: [string, Verdict][] = [
		['sources', await analyzePackage(PACKAGE_FOLDER, SOURCE_FILE_PATTERNS)],
		['tarball', await analyzePackage(folder, ['**/*.js', 'package.json'])],
	];
	for (const [name, { passed, message, details }] of legs) {
		console.log(`scan of the ${name}: ${passed ? 'passed' : 'failed'}`);
		if (!passed) console.log([message, details].filter(Boolean).join('\n'));
	}
	process.exitCode = legs.every(([, { passed }]) => passed) ? 0 : 1;
} finally {
	await remove();
}
