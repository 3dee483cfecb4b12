import { execFileSync } from 'node:child_process';
import { globSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { NODES_PACKAGE_NAME } from '../n8n/place-nodes.ts';
import { median } from './median.ts';

const TIMES = 15;

/**
 * How long n8n needs to load all files of the installed package: each run is a fresh process on n8n's own module path, in which
 * what n8n has loaded anyway (n8n-workflow, zod) is loaded before the clock starts.
 *
 * @returns the median of several runs, in milliseconds
 */
export function packageLoadMs(program: string, userFolder: string): number {
	const installed = path.join(userFolder, '.n8n/nodes/node_modules', NODES_PACKAGE_NAME);
	const files = globSync('dist/**/*.{node,credentials}.js', { cwd: installed }).map((file) =>
		path.join(installed, file),
	);
	const modules = path.join(realpathSync(program), '../../..');
	const script = `
		require('n8n-workflow'); require('zod/v4');
		const startedAt = performance.now();
		for (const file of ${JSON.stringify(files)}) require(file);
		console.log(performance.now() - startedAt);`;
	const env = { ...process.env, NODE_PATH: [path.join(modules, 'n8n/node_modules'), modules].join(path.delimiter) };
	const runs = Array.from({ length: TIMES }, () =>
		Number(execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' })),
	);
	return median(runs);
}
