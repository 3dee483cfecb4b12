import { counted } from '@instagram-insights/webhook-relay/cli/progress';
import type { Client } from 'pg';
import { migrate as migrateSchema } from '../migrate.ts';
import type { Cell } from './column-kind.ts';
import { type BatchLimits, copyTable } from './copy-table.ts';
import { judgeMove } from './judge-move.ts';
import { beginMove, finishMove, readMove } from './move-record.ts';
import { MOVED_TABLES } from './moved-tables.ts';
import { openSource, type Source } from './open-source.ts';
import { refuseRelays, withTarget } from './open-target.ts';
import { sourceCells, targetCells } from './read-cells.ts';
import { refuseOtherData } from './refuse-other-data.ts';
import { digestRows, type TableDigest } from './table-digest.ts';

export type MoveOptions = {
	/** path of the SQLite file */
	readonly from: string;
	/** `postgres://…` */
	readonly to: string;
	/** give up what an unfinished move has brought */
	readonly restart?: boolean | undefined;
	readonly limits?: BatchLimits;
	/** called after each commit; for tests that end there */
	readonly afterBatch?: (() => void | Promise<void>) | undefined;
	/** progress, a line about once a second */
	readonly say: (line: string) => void;
	readonly now: () => number;
};

export type MoveReport = {
	/** when an earlier run had moved and compared everything, so that this one changed nothing; null: this one moved */
	readonly doneBefore: number | null;
	/** what was compared, then or now */
	readonly tables: readonly {
		readonly name: string;
		readonly source: TableDigest;
		readonly target: TableDigest;
		readonly same: boolean;
	}[];
};

const LIMITS: BatchLimits = { rows: 1000, bytes: 1024 * 1024 };

/**
 * Move a SQLite store into PostgreSQL: read and digest the source, bring every table in batches, read and digest the
 * target, and call the move finished when all digests agree. A run that was interrupted is taken up by the next one.
 *
 * @throws {MoveError} source or target is not fit for it; nothing was changed
 * @throws {StoreError} PostgreSQL went away: run it again
 */
export async function moveStore(options: MoveOptions): Promise<MoveReport> {
	const { from, to, restart = false, limits = LIMITS, afterBatch, say, now } = options;
	const source = openSource(from);
	try {
		return await withTarget(to, async (client) => {
			const record = await readMove(client);
			if (record === null || record.finishedAt === null) await refuseOtherData(client, record);
			const digests = await digestSource(source, say);
			const step = judgeMove(record, digests, restart);
			if (step === 'done') return { doneBefore: record?.finishedAt ?? null, tables: compare(digests, digests) };
			await migrateSchema(client);
			if (step === 'begin') {
				const move = { last: source.lastNumbers(), startedAt: now(), digests };
				await beginMove(client, move, async () => {
					// Reading took its time: a relay may have started meanwhile.
					await refuseRelays(client);
					await refuseOtherData(client, record);
				});
			} else {
				say(`going on with the move that began at ${new Date(record?.startedAt ?? 0).toISOString()}`);
			}
			await copyAll(client, source, { limits, afterBatch, say });
			const tables = compare(digests, await digestTarget(client, say));
			if (tables.every(({ same }) => same)) await finishMove(client, now());
			return { doneBefore: null, tables };
		});
	} finally {
		source.close();
	}
}

async function copyAll(
	client: Client,
	source: Source,
	{ say, ...options }: Pick<MoveOptions, 'afterBatch' | 'say'> & { limits: BatchLimits },
): Promise<void> {
	const tables = (await readMove(client))?.tables;
	for (const table of MOVED_TABLES) {
		const record = tables?.get(table.name);
		if (record === undefined) throw new Error(`the target has no record of ${table.name}`);
		const rows = counted(copyTable(client, source, { table, record, ...options }), (done) => {
			const moved = record.moved + done;
			say(`moving ${table.name}: ${moved} of ${Math.max(moved, record.source.rows)} rows`);
		});
		for await (const _ of rows);
		// Claims are planned well from the first one on.
		await client.query(`ANALYZE relay.${table.name}`);
	}
}

type Digests = ReadonlyMap<string, TableDigest>;

/** The source is locked: what is read once holds for the whole run. */
async function digestSource(source: Source, say: (line: string) => void): Promise<Digests> {
	const digests = new Map<string, TableDigest>();
	for (const table of MOVED_TABLES) {
		const tell = (done: number) => say(`reading ${table.name}: ${done} rows`);
		digests.set(table.name, await digestRows(counted<readonly Cell[]>(sourceCells(source, table), tell)));
	}
	return digests;
}

/** All tables as of one moment. */
async function digestTarget(client: Client, say: (line: string) => void): Promise<Digests> {
	const digests = new Map<string, TableDigest>();
	await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
	for (const table of MOVED_TABLES) {
		const tell = (done: number) => say(`comparing ${table.name}: ${done} rows`);
		digests.set(table.name, await digestRows(counted<readonly Cell[]>(targetCells(client, table), tell)));
	}
	await client.query('COMMIT');
	return digests;
}

function compare(sources: Digests, targets: Digests): MoveReport['tables'] {
	return [...sources].map(([name, source]) => {
		const target = targets.get(name) ?? { rows: 0, hash: '' };
		return { name, source, target, same: source.rows === target.rows && source.hash === target.hash };
	});
}
