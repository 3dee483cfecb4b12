import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describeProblems } from '../problems.ts';
import { type SecretText, type Subscriber, subscribersFileSchema, toSubscriber } from './subscriber.ts';

export type SubscribersReading =
	| { ok: true; subscribers: readonly Subscriber[] }
	/** one line each, with the place in the file; no values */
	| { ok: false; problems: readonly string[] };

/**
 * Read the subscribers file, telling every problem at once.
 *
 * @param environment where `{ "env": … }` looks
 */
export function readSubscribersFile(
	path: string,
	environment: Readonly<Record<string, string | undefined>>,
): SubscribersReading {
	let parsed: unknown;
	try {
		parsed = JSON.parse(readFileSync(path, 'utf8'));
	} catch (error) {
		// Not the error's own text: JSON.parse quotes what it read, and secrets may stand there.
		const code = error instanceof Error && 'code' in error ? String(error.code) : 'not JSON';
		return { ok: false, problems: [`cannot be read: ${code}`] };
	}
	const reading = subscribersFileSchema.safeParse(parsed);
	if (!reading.success) return { ok: false, problems: describeProblems(reading.error, 'the file') };
	const subscribers: Subscriber[] = [];
	const problems: string[] = [];
	for (const [index, entry] of reading.data.subscribers.entries()) {
		try {
			subscribers.push(toSubscriber(entry, (secret) => readSecret(secret, environment)));
		} catch (error) {
			problems.push(`subscribers.${index} (${entry.id}): ${error instanceof Error ? error.message : String(error)}`);
		}
	}
	return problems.length > 0 ? { ok: false, problems } : { ok: true, subscribers };
}

/**
 * Call back when the file may have changed. The folder is watched, not the file: editors and Kubernetes replace files,
 * and a watch on a replaced file sees nothing more.
 */
export function watchSubscribersFile(path: string, onChange: () => void): { close(): void } {
	const name = basename(path);
	let pending: NodeJS.Timeout | null = null;
	const watcher: FSWatcher = watch(dirname(path), (_event, changed) => {
		// `..data` is how Kubernetes swaps the files of a mounted config map.
		if (changed !== null && changed !== name && !changed.startsWith('..data')) return;
		if (pending !== null) clearTimeout(pending);
		// Writers often touch a file several times.
		pending = setTimeout(onChange, 100);
	});
	watcher.on('error', () => {});
	return {
		close() {
			watcher.close();
			if (pending !== null) clearTimeout(pending);
		},
	};
}

function readSecret(secret: SecretText, environment: Readonly<Record<string, string | undefined>>): string {
	if (typeof secret === 'string') return secret;
	if ('env' in secret) {
		const text = environment[secret.env];
		if (text === undefined || text === '') throw new Error(`the environment variable ${secret.env} is not set`);
		return text;
	}
	try {
		return readFileSync(secret.file, 'utf8').replace(/\r?\n$/, '');
	} catch (error) {
		throw new Error(`the file ${secret.file} cannot be read`, { cause: error });
	}
}
