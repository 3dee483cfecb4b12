import { StoreError } from '@instagram-insights/webhook-relay/relay/store';
import pg from 'pg';
import { isCollision, storeErrorOf } from './postgres-failure.ts';

/** One transaction's connection. */
export type Connection = pg.ClientBase;

/** Work is kept apart, so that receiving never waits for a connection that reading or delivering holds. */
// biome-ignore format: a table reads by columns
const POOLS = {
	receive: { connections: 3, statementMs: 3_000 },
	deliver: { connections: 4, statementMs: 10_000 },
	read:    { connections: 2, statementMs: 15_000 },
} as const;
export type Purpose = keyof typeof POOLS;

/** What connections of a relay call themselves. */
export const RELAY_NAME = 'instagram-webhook-relay';
const CONNECT_MS = 1500;
/** Runs of one transaction that met others in the way. */
const MOST_RUNS = 4;

/** PostgreSQL as the store uses it: whichever of the servers accepts writes, found again when that changes. */
export type Database = {
	/**
	 * Run `work` in one transaction and commit. Work that collided with another replica's is run again from the start.
	 *
	 * @throws {StoreError} nothing was committed; or, when the connection broke at the commit, perhaps all was
	 */
	transaction<Result>(purpose: Purpose, work: (connection: Connection) => Promise<Result>): Promise<Result>;
	/** One statement, by itself. */
	query<Row extends pg.QueryResultRow>(purpose: Purpose, text: string, values: readonly unknown[]): Promise<Row[]>;
	/** A connection outside the pools, to the server that accepts writes. The caller ends it. */
	connect(): Promise<pg.Client>;
	close(): Promise<void>;
};

export function openDatabase(addresses: readonly string[]): Database {
	const servers = addresses.map((address) => ({ address, pools: openPools(address) }));
	let current = 0;
	const server = () => {
		const found = servers[current];
		if (found === undefined) throw new StoreError('unreachable', 'no server');
		return found;
	};

	/** The next call asks the next server. Many calls fail together: only the first of them moves on. */
	function moveOn(from: ReturnType<typeof server>): void {
		if (server() === from) current = (current + 1) % servers.length;
	}

	/** A connection to the first server that takes writes, each asked once. */
	async function lend(purpose: Purpose) {
		for (let tried = 1; ; tried += 1) {
			const from = server();
			try {
				return { client: await from.pools[purpose].connect(), from };
			} catch (error) {
				const failure = storeErrorOf(error);
				if (failure.kind === 'unreachable') moveOn(from);
				if (failure.kind !== 'unreachable' || tried >= servers.length) throw failure;
			}
		}
	}

	async function runOnce<Result>(purpose: Purpose, work: (connection: Connection) => Promise<Result>): Promise<Result> {
		const { client, from } = await lend(purpose);
		try {
			const begun = client.query('BEGIN');
			begun.catch(() => {}); // what follows on the connection fails with it
			const result = await work(client);
			const { command } = await client.query('COMMIT');
			if (command !== 'COMMIT') throw new Error('the transaction had failed before its end');
			client.release();
			return result;
		} catch (error) {
			const lost = storeErrorOf(error).kind === 'unreachable';
			if (lost) moveOn(from);
			// A connection whose state is in doubt is not used again.
			const clean = !lost && (await client.query('ROLLBACK').then(...YES_OR_NO));
			client.release(!clean);
			throw error;
		}
	}

	return {
		async transaction(purpose, work) {
			for (let run = 1; ; run += 1) {
				try {
					return await runOnce(purpose, work);
				} catch (error) {
					if (!isCollision(error) || run >= MOST_RUNS) throw storeErrorOf(error);
				}
			}
		},
		async query<Row extends pg.QueryResultRow>(purpose: Purpose, text: string, values: readonly unknown[]) {
			const { client, from } = await lend(purpose);
			try {
				const { rows } = await client.query<Row>(text, [...values]);
				client.release();
				return rows;
			} catch (error) {
				const failure = storeErrorOf(error);
				if (failure.kind === 'unreachable') moveOn(from);
				client.release(failure.kind === 'unreachable');
				throw failure;
			}
		},
		async connect() {
			for (let tried = 1; ; tried += 1) {
				const from = server();
				const client = new pg.Client({
					connectionString: from.address,
					application_name: RELAY_NAME,
					connectionTimeoutMillis: CONNECT_MS,
					keepAlive: true,
				});
				client.on('error', () => {});
				try {
					await client.connect();
					await refuseUnsafe(client);
					return client;
				} catch (error) {
					await client.end().catch(() => {});
					moveOn(from);
					if (tried >= servers.length) throw storeErrorOf(error);
				}
			}
		},
		async close() {
			await Promise.all(servers.flatMap(({ pools }) => Object.values(pools).map((pool) => pool.end())));
		},
	};
}

const YES_OR_NO = [() => true, () => false] as const;

function openPools(address: string): Record<Purpose, pg.Pool> {
	const open = (purpose: Purpose) => {
		const { connections, statementMs } = POOLS[purpose];
		const settings: pg.PoolConfig & { pipeline: boolean } = {
			connectionString: address,
			application_name: RELAY_NAME,
			max: connections,
			connectionTimeoutMillis: CONNECT_MS,
			idleTimeoutMillis: 60_000,
			keepAlive: true,
			statement_timeout: statementMs,
			// Beyond PostgreSQL's own limit: it says nothing at all, as when its machine is gone.
			query_timeout: statementMs + 500,
			// A replica that vanishes in the middle of a transaction must not hold its locks.
			idle_in_transaction_session_timeout: 10_000,
			lock_timeout: Math.min(statementMs, 5_000),
			// Statements of one transaction that do not wait for each other's answer go out together.
			pipeline: true,
			types: { getTypeParser },
			// Asked once for each new connection.
			async onConnect(client) {
				await refuseUnsafe(client);
				if (purpose !== 'read') await client.query(BY_INDEX);
			},
		};
		const pool = new pg.Pool(settings);
		// A connection that breaks is replaced at the next use; what was under way on it is rejected by itself.
		pool.on('error', () => {});
		pool.on('connect', (client) => client.on('error', () => {}));
		return pool;
	};
	return { receive: open('receive'), deliver: open('deliver'), read: open('read') };
}

/**
 * Every statement of receiving and delivering is served by an index. A plan made while the tables were small would read
 * them whole a while longer, when a burst has filled them before PostgreSQL counts their rows again.
 */
const BY_INDEX = 'SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off';

/** No standby, and no commit that is reported before it is on disk, whatever the role or the database is set to. */
async function refuseUnsafe(client: pg.ClientBase): Promise<void> {
	const { rows } = await client.query<{ standby: boolean; commits: string }>(
		"SELECT pg_is_in_recovery() AS standby, current_setting('synchronous_commit') AS commits",
	);
	if (rows[0]?.standby !== false) throw new StoreError('unreachable', 'this server is a standby');
	if (rows[0].commits === 'off') await client.query('SET synchronous_commit = on');
}

const BIGINT = 20;
/** Times in ms and sequence numbers stay far below 2^53, so bigint comes as a number. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
	return oid === BIGINT ? Number : pg.types.getTypeParser(oid, format as 'text');
}

/**
 * The addresses of one PostgreSQL and its standbys: `postgres://user:word@one:5432,two:5432/name` names two servers, of
 * which the relay uses the one that accepts writes.
 *
 * @returns one URL a server, in the order given
 * @throws {TypeError} not such a URL; nothing of it is repeated, since it may hold a password
 */
export function serverAddresses(url: string): readonly string[] {
	const parts = /^(postgres(?:ql)?:\/\/)((?:[^@/?]*@)?)([^/?]*)(\/[^?]*)?(\?.*)?$/.exec(url);
	const [, scheme = '', login = '', hosts = '', database = '', query = ''] = parts ?? [];
	if (hosts === '') throw new TypeError('RELAY_STORE: use postgres://user:password@host:5432/database');
	const parameters = new URLSearchParams(query);
	// libpq's way of saying what the relay does anyway.
	parameters.delete('target_session_attrs');
	const rest = parameters.size > 0 ? `?${parameters}` : '';
	return hosts.split(',').map((host) => {
		const address = `${scheme}${login}${host}${database}${rest}`;
		if (!URL.canParse(address))
			throw new TypeError('RELAY_STORE: a host or port is not valid; use postgres://user:password@host:5432/database');
		return address;
	});
}
