import { Worker } from 'node:worker_threads';
import { StoreError, type StoreErrorKind } from '../relay/store.ts';
import type { ThreadAnswer, ThreadSettings, ThreadTurn } from './thread-protocol.ts';

/** SQLite's primary result codes (sqlite.org/rescode.html); the low byte of an extended code. */
const KIND_OF_CODE: Readonly<Record<number, StoreErrorKind>> = { 5: 'locked', 6: 'locked', 8: 'read-only', 13: 'full' };

export type ThreadClient<Operations extends Record<string, [unknown, unknown]>> = {
	/** Resolves when the turn that ran it was committed. */
	call<Name extends keyof Operations & string>(
		operation: Name,
		argument: Operations[Name][0],
	): Promise<{ result: Operations[Name][1]; commitMs: number }>;
	/** Called once when the thread ended without being asked. */
	onLost(listener: (error: Error) => void): void;
	close(): Promise<void>;
};

/**
 * Start a thread of the store and wait until it is ready.
 *
 * @throws {StoreError} the database cannot be opened; the message says why
 */
export async function startThread<Operations extends Record<string, [unknown, unknown]>>(
	settings: ThreadSettings,
): Promise<ThreadClient<Operations>> {
	// From sources Node strips the types itself; in a published package the file is compiled.
	const fromSources = import.meta.url.endsWith('.ts');
	const worker = new Worker(new URL(`./${settings.kind}-thread.${fromSources ? 'ts' : 'js'}`, import.meta.url), {
		workerData: settings,
		execArgv: fromSources
			? ['--conditions=@instagram-insights/source', '--disable-warning=ExperimentalWarning']
			: ['--disable-warning=ExperimentalWarning'],
		// The thread holds one turn at a time, and what it makes lives as long; SQLite's cache lies outside this heap.
		resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 },
	});
	const waiting = new Map<
		number,
		{ resolve: (answer: { result: never; commitMs: number }) => void; reject: (error: StoreError) => void }
	>();
	const lostListeners: ((error: Error) => void)[] = [];
	let [lastId, lost, closing] = [0, null as StoreError | null, false];

	const settle = (answer: ThreadAnswer, commitMs: number) => {
		const caller = waiting.get(answer.id);
		waiting.delete(answer.id);
		if (answer.ok) caller?.resolve({ result: answer.result as never, commitMs });
		else caller?.reject(new StoreError(KIND_OF_CODE[answer.code & 0xff] ?? 'failed', answer.message));
	};
	const lose = (cause: unknown) => {
		if (lost !== null) return;
		const message = cause instanceof Error ? cause.message : String(cause);
		lost = new StoreError('lost', `the store's ${settings.kind} thread ended: ${message}`, { cause });
		for (const { reject } of waiting.values()) reject(lost);
		waiting.clear();
		if (!closing) for (const listener of lostListeners) listener(lost);
	};

	await new Promise<void>((resolve, reject) => {
		worker.once('message', () => resolve());
		worker.once('error', (error: Error) =>
			reject(new StoreError('failed', `cannot open ${settings.path}: ${error.message}`, { cause: error })),
		);
	});
	worker.on('message', ({ answers, commitMs }: ThreadTurn) => {
		for (const answer of answers) settle(answer, commitMs);
	});
	worker.on('error', lose);
	const ended = new Promise<void>((resolve) => {
		worker.once('exit', (code) => {
			lose(`exit code ${code}`);
			resolve();
		});
	});

	return {
		call: (operation, argument) =>
			new Promise((resolve, reject) => {
				if (lost !== null) return reject(lost);
				lastId += 1;
				waiting.set(lastId, { resolve, reject });
				worker.postMessage({ id: lastId, operation, argument });
			}),
		onLost: (listener) => lostListeners.push(listener),
		async close() {
			closing = true;
			if (lost === null) worker.postMessage('close');
			await ended;
		},
	};
}
