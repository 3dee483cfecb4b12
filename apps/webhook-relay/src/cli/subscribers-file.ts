import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod/v4';
import { describeProblems } from '../admin/problems.ts';
import type { Subscriber } from '../relay/event.ts';
import { type SecretText, subscriberSchema, subscribersFileSchema, toSubscriber } from './subscriber.ts';

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
	const problems = reading.success ? [] : describeProblems(reading.error, 'the file');
	const entries = reading.success ? reading.data.subscribers : readableEntries(parsed);
	const subscribers: Subscriber[] = [];
	for (const entry of entries) {
		try {
			subscribers.push(toSubscriber(entry, (secret) => readSecret(secret, environment)));
		} catch (error) {
			problems.push(`subscriber ${entry.id}: ${error instanceof Error ? error.message : String(error)}`);
		}
	}
	for (const id of repeatedIds(parsed)) problems.push(`the subscriber "${id}" is there more than once`);
	return problems.length > 0 ? { ok: false, problems } : { ok: true, subscribers };
}

const looseFileSchema = z.object({ subscribers: z.array(z.unknown()) });

/** The entries that are fine in themselves: their secrets are checked too, so that every problem is told at once. */
function readableEntries(parsed: unknown): z.infer<typeof subscriberSchema>[] {
	const entries = looseFileSchema.safeParse(parsed).data?.subscribers ?? [];
	return entries.flatMap((entry) => subscriberSchema.safeParse(entry).data ?? []);
}

function repeatedIds(parsed: unknown): readonly string[] {
	const entries = looseFileSchema.safeParse(parsed).data?.subscribers ?? [];
	const ids = entries.flatMap((entry) => z.object({ id: z.string() }).safeParse(entry).data?.id ?? []);
	return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
}

/**
 * What the file says, with what the files say that it takes secrets from: another text when any of it changed. A file that
 * cannot be read is a content too. Read without holding the process up, since a mount may hang.
 */
export async function fingerprintOf(path: string): Promise<string> {
	const text = await contentOf(path);
	const contents = [text];
	// One after the other: a mount that hangs holds one of the process's few threads, not one a file.
	for (const file of secretFiles(text)) contents.push(await contentOf(file));
	return createHash('sha256').update(JSON.stringify(contents)).digest('hex');
}

async function contentOf(path: string): Promise<string> {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		return `unreadable: ${error instanceof Error && 'code' in error ? error.code : 'unknown'}`;
	}
}

function secretFiles(text: string): readonly string[] {
	const paths = new Set<string>();
	try {
		JSON.parse(text, (key, value) => {
			if (key === 'file' && typeof value === 'string') paths.add(value);
			return value;
		});
	} catch {
		// Not JSON: there is nothing to take from it.
	}
	return [...paths];
}

/**
 * Call back when the file may have changed. The folder is watched, not the file: editors and Kubernetes replace files,
 * and a watch on a replaced file sees nothing more.
 *
 * @param onLost called when the file system tells no more
 * @throws what `watch` throws: no such folder, too many watches
 */
export function watchSubscribersFile(
	path: string,
	onChange: () => void,
	onLost: (error: unknown) => void,
): { close(): void } {
	const name = basename(path);
	let pending: NodeJS.Timeout | null = null;
	const watcher: FSWatcher = watch(dirname(path), (_event, changed) => {
		// `..data` is how Kubernetes swaps the files of a mounted config map.
		if (changed !== null && changed !== name && !changed.startsWith('..data')) return;
		if (pending !== null) clearTimeout(pending);
		// Writers often touch a file several times.
		pending = setTimeout(onChange, 100);
	});
	watcher.on('error', onLost);
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
