// Reading for people, in a thread and on a connection of its own: however long a search takes, nothing waits for it.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { StoreError, type StoreErrorKind } from '../relay/store.ts';
import { prepareBrowse } from './browse-rows.ts';
import { storeErrorOf } from './commit.ts';
import { openDatabase } from './database.ts';

type Browse = ReturnType<typeof prepareBrowse>;
type Question = { readonly id: number; readonly name: keyof Browse; readonly argument: unknown };
type Answer =
	| { readonly id: number; readonly ok: true; readonly result: unknown }
	| { readonly id: number; readonly ok: false; readonly kind: StoreErrorKind; readonly message: string };
/** What the thread is started with; the mark distinguishes it from threads that others start. */
type Settings = { readonly relayReader: true; readonly path: string };

/** A read that takes longer ends together with its thread, so that the log can be truncated again. */
const PATIENCE_MS = 10_000;

export type Reader = {
	read<Name extends keyof Browse>(name: Name, argument: Parameters<Browse[Name]>[0]): Promise<ReturnType<Browse[Name]>>;
	close(): Promise<void>;
};

/** The thread starts with the first read, and again after it was lost. A relay whose dashboard is closed has none. */
export function createReader(path: string, patienceMs = PATIENCE_MS): Reader {
	let thread: ReaderThread | null = null;
	return {
		async read(name, argument) {
			thread ??= startThread(path, () => {
				thread = null;
			});
			const asked = thread;
			const late = Promise.withResolvers<never>();
			const timer = setTimeout(() => {
				const error = new StoreError('overloaded', `reading the store took longer than ${patienceMs / 1000} s`);
				late.reject(error);
				asked.end(error);
			}, patienceMs);
			try {
				return (await Promise.race([asked.ask(name, argument), late.promise])) as never;
			} finally {
				clearTimeout(timer);
			}
		},
		async close() {
			await thread?.end(new StoreError('lost', 'the store was closed'));
		},
	};
}

type ReaderThread = {
	ask(name: keyof Browse, argument: unknown): Promise<unknown>;
	end(error: StoreError): Promise<void>;
};

function startThread(path: string, onEnd: () => void): ReaderThread {
	// From sources Node strips the types itself; in a published package the file is compiled.
	const conditions = import.meta.url.endsWith('.ts') ? ['--conditions=@instagram-insights/source'] : [];
	const worker = new Worker(new URL(import.meta.url), {
		workerData: { relayReader: true, path } satisfies Settings,
		execArgv: [...conditions, '--disable-warning=ExperimentalWarning'],
		resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 4 },
	});
	const waiting = new Map<number, PromiseWithResolvers<unknown>>();
	let [lastId, ended] = [0, false];

	function lose(cause: unknown): void {
		if (ended) return;
		ended = true;
		onEnd();
		const error =
			cause instanceof StoreError ? cause : new StoreError('failed', `reading stopped: ${cause}`, { cause });
		for (const { reject } of waiting.values()) reject(error);
	}
	worker.on('message', (answer: Answer) => {
		const asked = waiting.get(answer.id);
		waiting.delete(answer.id);
		if (answer.ok) asked?.resolve(answer.result);
		else asked?.reject(new StoreError(answer.kind, answer.message));
	});
	worker.on('error', lose);
	worker.on('exit', (code) => lose(`exit code ${code}`));
	return {
		ask(name, argument) {
			const answer = Promise.withResolvers<unknown>();
			lastId += 1;
			waiting.set(lastId, answer);
			worker.postMessage({ id: lastId, name, argument } satisfies Question);
			return answer.promise;
		},
		async end(error) {
			lose(error);
			await worker.terminate();
		},
	};
}

if (!isMainThread && parentPort !== null && workerData?.relayReader === true) serve(parentPort, workerData);

function serve(port: NonNullable<typeof parentPort>, { path }: Settings): void {
	const browse = prepareBrowse(openDatabase({ path, readOnly: true }));
	port.on('message', ({ id, name, argument }: Question) => {
		let answer: Answer;
		try {
			answer = { id, ok: true, result: browse[name](argument as never) };
		} catch (error) {
			const { kind, message } = storeErrorOf(error);
			answer = { id, ok: false, kind, message };
		}
		port.postMessage(answer);
	});
}
