import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const PACKAGE_FOLDER = join(import.meta.dirname, '..');

/**
 * Packs the package as it would be published (dist must be built) and unpacks it into a folder of its own.
 *
 * @returns the unpacked folder, and how to throw it away
 * @throws {Error} `pnpm` or `tar` failed
 */
export async function unpackedPackage(): Promise<{ folder: string; remove: () => Promise<void> }> {
	const workFolder = await mkdtemp(join(tmpdir(), 'instagram-insights-package-'));
	const remove = () => rm(workFolder, { recursive: true, force: true });
	await run('pnpm', ['pack', '--pack-destination', workFolder], { cwd: PACKAGE_FOLDER });
	const [tarball] = (await readdir(workFolder)).filter((name) => name.endsWith('.tgz'));
	if (tarball === undefined) throw new Error('pnpm pack left no tarball');
	await run('tar', ['-xzf', tarball], { cwd: workFolder });
	return { folder: join(workFolder, 'package'), remove };
}
