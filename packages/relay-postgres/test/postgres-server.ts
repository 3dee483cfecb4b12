import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, chownSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@instagram-insights/webhook-relay/test/free-port';
import { pollUntil } from '@instagram-insights/webhook-relay/test/poll-until';
import pg from 'pg';
import { findPostgres } from './postgres-programs.ts';

export type PostgresServer = {
	readonly port: number;
	/** for a database of this server */
	url(database?: string): string;
	/** A new, empty database. */
	createDatabase(): Promise<string>;
	query(sql: string, database?: string): Promise<readonly Record<string, unknown>[]>;
	/** `kill -9` of the whole server: as if the machine had lost power. */
	kill(): Promise<void>;
	/** Start again on the same data and port. */
	start(): Promise<void>;
	/** An orderly stop: open connections are ended. */
	shutDown(): Promise<void>;
	/** A stopped server's data as a standby of it, on a port of its own; not started. */
	copyAsStandby(): Promise<PostgresServer>;
	/** End the server and remove its data. */
	remove(): Promise<void>;
};

export type PostgresOptions = {
	/** false: no sync at commit, for tests that prove nothing about loss */
	readonly durable?: boolean;
	/** lines for postgresql.conf */
	readonly settings?: readonly string[];
};

const START_LIMIT_MS = 60_000;
const everyServer = new Set<ChildProcess>();
// Nothing may outlive the tests, whatever becomes of them.
process.once('exit', () => {
	for (const child of everyServer) child.kill('SIGKILL');
});

/** A PostgreSQL of our own: on loopback, in a temporary folder, never as root, its process known by pid. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
	const { bin, user } = findPostgres();
	const folder = newFolder();
	const made = spawnSync(
		join(bin, 'initdb'),
		['-D', join(folder, 'data'), '-U', 'relay', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
		{ ...user, cwd: '/', encoding: 'utf8', timeout: START_LIMIT_MS },
	);
	if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
	const { durable = false, settings = [] } = options;
	const lines = [
		'max_connections = 150',
		'shared_buffers = 64MB',
		"log_min_messages = 'fatal'",
		...(durable ? [] : ['fsync = off', 'synchronous_commit = off', 'full_page_writes = off']),
		...settings,
	];
	appendFileSync(join(folder, 'data/postgresql.conf'), `${lines.join('\n')}\n`);
	const server = serverIn(folder, await freePort());
	await server.start();
	return server;
}

function serverIn(folder: string, port: number): PostgresServer {
	const { bin, user } = findPostgres();
	const data = join(folder, 'data');
	let child: ChildProcess | null = null;
	let databases = 0;
	const url = (database = 'postgres') => `postgres://relay@127.0.0.1:${port}/${database}`;

	async function query(sql: string, database?: string) {
		const client = new pg.Client({ connectionString: url(database), connectionTimeoutMillis: 15_000 });
		client.on('error', () => {});
		try {
			await client.connect();
			return (await client.query<Record<string, unknown>>(sql)).rows;
		} finally {
			await client.end().catch(() => {});
		}
	}

	async function end(signal: NodeJS.Signals): Promise<void> {
		if (child === null || child.exitCode !== null || child.signalCode !== null) return;
		const gone = once(child, 'exit');
		child.kill(signal);
		await gone;
		everyServer.delete(child);
	}

	return {
		port,
		url,
		query,
		async createDatabase() {
			databases += 1;
			const name = `relay_${databases}`;
			await query(`CREATE DATABASE ${name}`);
			return url(name);
		},
		async kill() {
			// Its connections have processes of their own, which could still commit when it is gone.
			const serving = childrenOf(child?.pid);
			const ended = end('SIGKILL');
			for (const pid of serving) killIfThere(pid);
			await ended;
		},
		async start() {
			const args = [
				'-D',
				data,
				'-p',
				`${port}`,
				'-c',
				'listen_addresses=127.0.0.1',
				'-c',
				`unix_socket_directories=${folder}`,
			];
			let said = '';
			const launch = () => {
				const started = spawn(join(bin, 'postgres'), args, { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
				everyServer.add(started);
				said = '';
				started.stderr?.on('data', (chunk) => {
					said = `${said}${chunk}`.slice(-2000);
				});
				return started;
			};
			child = launch();
			await pollUntil(
				'PostgreSQL to answer',
				() => {
					if (child !== null && child.exitCode !== null) {
						everyServer.delete(child);
						// After kill -9 its children hold shared memory a moment longer.
						if (!said.includes('still in use')) throw new Error(`postgres ended: ${said}`);
						child = launch();
					}
					return query('SELECT 1').then(
						() => true,
						() => false,
					);
				},
				{ timeoutMs: START_LIMIT_MS },
			);
		},
		shutDown: () => end('SIGINT'),
		async copyAsStandby() {
			const copy = newFolder();
			cpSync(data, join(copy, 'data'), { recursive: true, verbatimSymlinks: true });
			chmodSync(join(copy, 'data'), 0o700);
			rmSync(join(copy, 'data/postmaster.pid'), { force: true });
			appendFileSync(join(copy, 'data/standby.signal'), '');
			appendFileSync(
				join(copy, 'data/postgresql.conf'),
				`primary_conninfo = 'host=127.0.0.1 port=${port} user=relay application_name=standby'\nsynchronous_standby_names = ''\n`,
			);
			if (user !== undefined) spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, copy]);
			return serverIn(copy, await freePort());
		},
		async remove() {
			// At once: data that goes away needs no last checkpoint.
			await end('SIGQUIT');
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

function newFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'relay-pg-'));
	const { user } = findPostgres();
	if (user !== undefined) chownSync(folder, user.uid, user.gid);
	return folder;
}

/** Read at once, before any statement can go on. Empty where there is no /proc. */
function childrenOf(parent: number | undefined): number[] {
	if (process.platform !== 'linux') return [];
	const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
	return pids.map(Number).filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | null {
	try {
		// The name in brackets may hold anything; the state and the parent follow it.
		const [, parent] = /.*\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
		return Number(parent);
	} catch {
		return null; // it has ended
	}
}

function killIfThere(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It ended by itself.
	}
}
