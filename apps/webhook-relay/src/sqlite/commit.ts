import type { DatabaseSync } from 'node:sqlite';
import { StoreError, type StoreErrorKind } from '../relay/store.ts';

/** Most calls in one transaction. More wait for the next one, so that the process keeps answering. */
const MOST_IN_A_COMMIT = 256;
/** How often a lock that another process holds is tried again. */
const LOCK_RETRY_MS = 20;
/** SQLite's primary result codes (sqlite.org/rescode.html); the low byte of an extended code. */
const KIND_OF_CODE: Readonly<Record<number, StoreErrorKind>> = { 5: 'locked', 6: 'locked', 8: 'read-only', 13: 'full' };

/** What SQLite, or one of our own checks, said. */
export function storeErrorOf(error: unknown): StoreError {
	if (error instanceof StoreError) return error;
	const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
	const message = error instanceof Error ? error.message : String(error);
	return new StoreError(KIND_OF_CODE[code] ?? 'failed', message, { cause: error });
}

export type Committed<Result> = { readonly result: Result; readonly commitMs: number };
type Call = {
	/** runs calls of its kind that stand side by side; an answer for each */
	readonly runAll: (inputs: readonly never[]) => readonly unknown[];
	readonly input: unknown;
	readonly resolve: (committed: Committed<never>) => void;
	readonly reject: (error: StoreError) => void;
};

export type CommitOptions = {
	/** how long a call waits for the lock of another process, ms */
	readonly patienceMs: number;
	/** Called before each transaction, and after its commit before any call is answered. What it throws rejects all calls of the group. */
	readonly checkFile: () => void;
	/** Called once everyone is answered, also when nothing was committed. */
	readonly afterAnswers: () => void;
};

/**
 * Group commit in this thread: calls that have arrived by the end of a turn of the event loop share one transaction and one
 * sync, and no call is answered before it. If a call fails, the others run again without it.
 */
export function groupCommit(database: DatabaseSync, { patienceMs, checkFile, afterAnswers }: CommitOptions) {
	const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')];
	let queue: Call[] = [];
	let scheduled = false;
	/** since when another process has kept us from beginning */
	let lockedSince: number | null = null;
	const whenIdle: (() => void)[] = [];

	function schedule(): void {
		if (scheduled) return;
		scheduled = true;
		setImmediate(turn);
	}

	function turn(): void {
		scheduled = false;
		const waiting = attempt(queue.splice(0, MOST_IN_A_COMMIT));
		if (waiting.length > 0) {
			queue = [...waiting, ...queue];
			scheduled = true;
			setTimeout(turn, LOCK_RETRY_MS);
		} else if (queue.length > 0) {
			schedule();
		} else {
			for (const resolve of whenIdle.splice(0)) resolve();
		}
	}

	/** @returns the calls that wait for the lock of another process */
	function attempt(calls: readonly Call[]): readonly Call[] {
		const startedAt = performance.now();
		let [began, results] = [false, null as readonly unknown[] | null];
		try {
			checkFile();
			begin.run();
			[began, lockedSince] = [true, null];
			results = runInOrder(calls);
			commit.run();
			checkFile();
		} catch (cause) {
			if (database.isTransaction) database.exec('ROLLBACK');
			const error = explain(cause);
			if (error.kind === 'locked') {
				lockedSince ??= performance.now();
				if (performance.now() - lockedSince < patienceMs) return calls;
			}
			// One of the calls itself has failed, and not the beginning or the commit of all.
			if (began && results === null && calls.length > 1) return calls.flatMap((call) => attempt([call]));
			for (const { reject } of calls) reject(error);
			// What was full may have room again when the log is moved.
			setImmediate(afterAnswers);
			return [];
		}
		const commitMs = performance.now() - startedAt;
		for (const [index, { resolve }] of calls.entries()) resolve({ result: results[index] as never, commitMs });
		setImmediate(afterAnswers);
		return [];
	}

	/** SQLite reports a file that was removed, replaced or truncated in many ways: report that first. */
	function explain(cause: unknown): StoreError {
		const error = storeErrorOf(cause);
		if (error.kind !== 'failed') return error;
		try {
			checkFile();
		} catch (reason) {
			return storeErrorOf(reason);
		}
		return error;
	}

	return {
		/** Run it in the next transaction. Calls with the same `runAll` that stand side by side run together. */
		call<Input, Result>(runAll: (inputs: readonly Input[]) => readonly Result[], input: Input) {
			return new Promise<Committed<Result>>((resolve, reject) => {
				queue.push({ runAll, input, resolve, reject });
				schedule();
			});
		},
		/** Resolves when nothing waits. */
		idle: () => new Promise<void>((resolve) => (scheduled ? whenIdle.push(resolve) : resolve())),
	};
}

function runInOrder(calls: readonly Call[]): unknown[] {
	const results: unknown[] = [];
	for (let first = 0; first < calls.length; ) {
		const { runAll } = calls[first] as Call;
		let end = first + 1;
		while (calls[end]?.runAll === runAll) end += 1;
		results.push(...runAll(calls.slice(first, end).map(({ input }) => input as never)));
		first = end;
	}
	return results;
}
