import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from '../../../scripts/install/install.mjs';
import { until } from './until.ts';

/** Written while a playground runs: two with one state would damage each other's database. */
type Running = {
	readonly pid: number;
	readonly url: string;
	/** Processes it started, each the leader of a group, with a part of its command line to recognise it. */
	readonly started: readonly { readonly pid: number; readonly command: string }[];
};

export type Claim = {
	/** Note a process, so that a later start can end it if this one is killed. */
	remember(pid: number, command: string): void;
	release(): void;
};

/**
 * Take the playground's state for this process, and end what an earlier start left behind when it was killed.
 *
 * @param folder of the state; must exist
 * @param url where this playground's n8n will answer
 * @throws {SetupError} a playground is running on this state
 */
export async function claimPlayground(folder: string, url: string): Promise<Claim> {
	const file = path.join(folder, 'running.json');
	const earlier = read(file);
	if (earlier !== undefined && commandOf(earlier.pid)?.includes('start.ts') && earlier.pid !== process.pid) {
		throw new SetupError(
			`The playground is running already (process ${earlier.pid}) at ${earlier.url}: use it, or end it first with Ctrl-C in its terminal.`,
		);
	}
	for (const left of earlier?.started ?? []) await endLeftOver(left);
	let started: Running['started'] = [];
	const write = () => writeFileSync(file, JSON.stringify({ pid: process.pid, url, started } satisfies Running));
	write();
	return {
		remember(pid, command) {
			started = [...started, { pid, command }];
			write();
		},
		release: () => rmSync(file, { force: true }),
	};
}

function read(file: string): Running | undefined {
	if (!existsSync(file)) return undefined;
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as Running;
	} catch {
		return undefined; // Cut off in the middle of writing: the process that wrote it is gone.
	}
}

async function endLeftOver({ pid, command }: Running['started'][number]): Promise<void> {
	if (commandOf(pid)?.includes(command) !== true) return;
	console.log(`Ending process ${pid}, which an earlier start left behind`);
	process.kill(-pid, 'SIGKILL');
	await until(`the end of process ${pid}`, () => !isRunning(pid), 10_000);
}

/** The command line of a process; undefined when there is none. */
function commandOf(pid: number): string | undefined {
	try {
		if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
		return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
	} catch {
		return undefined;
	}
}

/** Whether a process still holds its ports: until its last thread is gone, even when its parent does not wait for it. */
function isRunning(pid: number): boolean {
	try {
		if (process.platform === 'linux') {
			const isZombie = /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
			return !isZombie || readdirSync(`/proc/${pid}/task`).length > 1;
		}
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}
