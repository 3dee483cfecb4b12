import { hash } from 'node:crypto';

/** Text as PostgreSQL can hold it: it has no NUL, which JSON and answers of subscribers may. */
export function storableText(text: string): string {
	return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

/** PostgreSQL refuses index entries beyond 2,704 bytes; ids of Meta have 20 letters. */
const LONGEST = 500;

/** Text as an index can hold it: a long one keeps its beginning and gets a hash, so that it stays different from others. */
export function indexableText(text: string): string {
	const storable = storableText(text);
	return storable.length <= LONGEST ? storable : `${storable.slice(0, 64)}…${hash('sha256', text, 'base64url')}`;
}
