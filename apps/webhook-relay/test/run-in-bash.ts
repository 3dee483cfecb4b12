import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Run a text in bash with the names by which people call the relay; everything it started ends with the test. */
export async function runInBash(
	text: string,
	{ folder, environment }: { folder: string; environment: Record<string, string> },
) {
	const bin = join(folder, 'bin');
	mkdirSync(bin, { recursive: true });
	const relay = `exec "${process.execPath}" --conditions=@instagram-insights/source "${MAIN}" "$@"`;
	writeFileSync(join(bin, 'instagram-webhook-relay'), `#!/bin/sh\n${relay}\n`);
	writeFileSync(
		join(bin, 'npx'),
		`#!/bin/sh\n[ "$1" = @instagram-insights/webhook-relay ] || exit 9\nshift\n${relay}\n`,
	);
	// No container engine is here: what the image's command is given runs on this machine.
	writeFileSync(
		join(bin, 'docker'),
		'#!/bin/sh\n[ "$1 $2" = "compose exec" ] && shift 3 && exec "$@"\n' +
			'[ "$1 $2 $3" = "compose run --rm" ] && shift 4 && exec instagram-webhook-relay "$@"\nexit 9\n',
	);
	for (const name of ['instagram-webhook-relay', 'npx', 'docker']) chmodSync(join(bin, name), 0o755);
	// A file, because what the text leaves running would keep a pipe open.
	const output = openSync(join(bin, 'output'), 'w');
	const child = spawn('bash', ['-euo', 'pipefail', '-c', text], {
		cwd: folder,
		detached: true,
		stdio: ['ignore', output, output],
		env: { ...environment, PATH: `${bin}:${process.env.PATH}`, NODE_NO_WARNINGS: '1' },
	});
	onTestFinished(() => {
		try {
			process.kill(-(child.pid ?? 0), 'SIGKILL');
		} catch {
			// Nothing was left running.
		}
	});
	closeSync(output);
	const [code] = await once(child, 'exit');
	return { code, output: readFileSync(join(bin, 'output'), 'utf8') };
}
