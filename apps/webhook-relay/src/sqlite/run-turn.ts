import type { DatabaseSync } from 'node:sqlite';
import type { ThreadAnswer, ThreadRequest, ThreadTurn } from './thread-protocol.ts';

export type Operation = (argument: never) => unknown;

/**
 * Group commit: run everything that waits in one transaction, sync once, then answer everyone.
 *
 * An operation that fails is undone alone, by a savepoint. When the commit fails, or SQLite gave up the whole transaction
 * (a full disk), nothing happened and every answer says so: no answer leaves before the sync.
 */
export function runTurn(
	database: DatabaseSync,
	operations: Readonly<Record<string, Operation>>,
	requests: readonly ThreadRequest[],
): ThreadTurn {
	const startedAt = performance.now();
	const finish = (answers: readonly ThreadAnswer[]) => ({ answers, commitMs: performance.now() - startedAt });
	try {
		database.exec('BEGIN IMMEDIATE');
		const answers = requests.map((request) => runOne(database, operations, request));
		database.exec('COMMIT');
		return finish(answers);
	} catch (error) {
		if (database.isTransaction) database.exec('ROLLBACK');
		return finish(requests.map(({ id }) => refusal(id, error)));
	}
}

function runOne(
	database: DatabaseSync,
	operations: Readonly<Record<string, Operation>>,
	{ id, operation, argument }: ThreadRequest,
): ThreadAnswer {
	database.exec('SAVEPOINT one');
	try {
		const result = operations[operation]?.(argument as never);
		database.exec('RELEASE one');
		return { id, ok: true, result };
	} catch (error) {
		// Without a transaction there is nothing to go back to: SQLite has undone all of it, so the turn fails as a whole.
		if (!database.isTransaction) throw error;
		database.exec('ROLLBACK TO one');
		database.exec('RELEASE one');
		return refusal(id, error);
	}
}

export function refusal(id: number, error: unknown): ThreadAnswer {
	const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
	return { id, ok: false, code, message: error instanceof Error ? error.message : String(error) };
}
