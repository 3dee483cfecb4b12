import { createHash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { z } from 'zod/v4';
import { describeIssue } from '../admin/problems.ts';
import { type SecretText, subscriberSchema, subscribersFileSchema, toRule, toSubscriber } from '../admin/subscriber.ts';
import type { Subscriber } from '../relay/event.ts';
import type { RoutedSubscriber } from '../relay/store.ts';

export type SubscribersReading = {
	/** no problem at all */
	readonly ok: boolean;
	/** those that can be delivered to */
	readonly subscribers: readonly Subscriber[];
	/** those whose rule is known while a secret, header or URL cannot be used: their deliveries may collect */
	readonly waiting: readonly RoutedSubscriber[];
	/** one line each, with the place in the file; no values */
	readonly problems: readonly string[];
	/** as read; null: not at all */
	readonly text: string | null;
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Read the subscribers file, with every problem at once.
 *
 * @param environment where `{ "env": … }` looks
 */
export function readSubscribersFile(path: string, environment: Environment): SubscribersReading {
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(readRegularFile(path));
		return readSubscribers(text, environment);
	} catch (error) {
		const problem = error instanceof TypeError ? `${path} is not UTF-8; save it as UTF-8` : unreadable(path, error);
		return { ok: false, subscribers: [], waiting: [], problems: [problem], text: null };
	}
}

/** The `code` of the error about a file that cannot be read to its end. */
const NOT_REGULAR = 'NOT_REGULAR';

/** Opening a named pipe would wait for another program to write, and the whole process with it. Windows has neither. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function readRegularFile(path: string): Buffer {
	const descriptor = openSync(path, WITHOUT_WAITING);
	try {
		refuseIrregular(fstatSync(descriptor));
		return readFileSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
}

function refuseIrregular(found: Stats): void {
	if (found.isFile() || found.isDirectory()) return;
	throw Object.assign(new Error('not a regular file'), { code: NOT_REGULAR });
}

function unreadable(path: string, error: unknown): string {
	if (path === '') return 'is not set; set it to the path of the subscribers file';
	const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
	const known: Readonly<Record<string, string>> = {
		ENOENT: `${path} does not exist; create it, or correct the path`,
		EACCES: `${path} cannot be read by this user; change its owner or permissions`,
		EISDIR: `${path} is a folder; name the file in it`,
		[NOT_REGULAR]: `${path} is a named pipe, socket or device; name a regular file`,
	};
	return known[code] ?? `${path} cannot be read (${code})`;
}

/** The same of the text itself. */
export function readSubscribers(given: string, environment: Environment): SubscribersReading {
	const text = given.replace(/^\uFEFF/, '');
	const errors: ParseError[] = [];
	const tree = parseTree(text, errors, { disallowComments: true });
	const [wrong] = errors;
	if (wrong !== undefined || tree === undefined) {
		const known = wrong === undefined ? undefined : JSON_ERRORS[printParseErrorCode(wrong.error)];
		const what = text.trim() === '' ? 'the file is empty' : (known ?? 'this is not JSON');
		const problems = [`${placeOf(text, wrong?.offset ?? 0)}: ${what}`];
		return { ok: false, subscribers: [], waiting: [], problems, text };
	}
	const parsed: unknown = JSON.parse(text);
	const entries = z.object({ subscribers: z.array(z.unknown()) }).safeParse(parsed).data?.subscribers ?? [];
	const problems: string[] = [];
	const add = (path: readonly PropertyKey[], message: string) =>
		problems.push(describe(text, tree, path, entries, message));
	for (const name of repeatedNames(tree)) {
		problems.push(`${placeOf(text, name.offset)}: "${name.value}" is written more than once; keep one`);
	}
	const whole = subscribersFileSchema.safeParse(parsed);
	for (const issue of whole.error?.issues ?? []) add(issue.path, describeIssue(issue));

	const subscribers: Subscriber[] = [];
	const waiting: RoutedSubscriber[] = [];
	const seen = new Set<string>();
	for (const [index, entry] of entries.entries()) {
		const id = idOf(entry);
		const repeated = id !== null && seen.has(id);
		if (repeated) {
			add(['subscribers', index, 'id'], 'is used more than once; give each subscriber its own id');
		} else if (id !== null) seen.add(id);
		const reading = subscriberSchema.safeParse(entry);
		const subscriber = reading.success ? toSubscriber(reading.data, (secret) => readSecret(secret, environment)) : null;
		if (subscriber !== null && 'problems' in subscriber) {
			for (const { path, message } of subscriber.problems) add(['subscribers', index, ...path], message);
		}
		if (repeated) continue;
		if (subscriber !== null && 'id' in subscriber) subscribers.push(subscriber);
		else {
			const rule = ruleSchema.safeParse(entry);
			const revision = hash('sha256', JSON.stringify(entry), 'base64url');
			if (rule.success) waiting.push({ ...toRule({ ...DEFAULTS, ...rule.data }), revision });
		}
	}
	return { ok: problems.length === 0, subscribers, waiting, problems, text };
}

/** JSON keeps the last member of a name, and drops the others unsaid. */
function* repeatedNames(node: Node): Generator<Node> {
	const seen = new Set<unknown>();
	for (const child of node.children ?? []) {
		const [name] = child.type === 'property' ? (child.children ?? []) : [];
		if (name !== undefined && seen.has(name.value)) yield name;
		if (name !== undefined) seen.add(name.value);
		yield* repeatedNames(child);
	}
}

/** What must be right of an entry for its deliveries to collect. */
const ruleSchema = subscriberSchema.pick({ id: true, match: true, mode: true, order: true }).strip();
const DEFAULTS = subscriberSchema.parse({ id: 'x', url: 'http://x/' });

function idOf(entry: unknown): string | null {
	return z.object({ id: z.string() }).safeParse(entry).data?.id ?? null;
}

/** `line 7, column 12: subscriber "n8n", url: must be …` */
function describe(
	text: string,
	tree: Node,
	path: readonly PropertyKey[],
	entries: readonly unknown[],
	message: string,
): string {
	const steps = path.map((step) => (typeof step === 'number' ? step : String(step)));
	let [node, depth] = [findNodeAtLocation(tree, steps), steps.length];
	while (node === undefined && depth > 0) {
		depth -= 1;
		node = findNodeAtLocation(tree, steps.slice(0, depth));
	}
	const [list, index, ...rest] = steps;
	const subject =
		list === 'subscribers' && typeof index === 'number' ? (idOf(entries[index]) ?? `number ${index + 1}`) : null;
	const name = subject === null ? steps : [`subscriber "${subject}"`, rest.join('.')];
	return `${placeOf(text, node?.offset ?? 0)}: ${name.filter((part) => part !== '').join(', ') || 'the file'} ${message}`;
}

function placeOf(text: string, offset: number): string {
	const lines = text.slice(0, offset).split('\n');
	return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

/** jsonc-parser's names of errors, in words. */
const JSON_ERRORS: Readonly<Record<string, string>> = {
	InvalidSymbol: 'this is not JSON: only a string in double quotes, a number, true, false or null can stand here',
	InvalidNumberFormat: 'this is not a JSON number',
	PropertyNameExpected: 'a name in double quotes is missing here; check for an extra comma before it',
	ValueExpected: 'a value is missing here; check for an extra comma before it',
	ColonExpected: 'a colon is missing between the name and its value',
	CommaExpected: 'a comma is missing before this',
	CloseBraceExpected: 'a closing } is missing',
	CloseBracketExpected: 'a closing ] is missing',
	EndOfFileExpected: 'the file must end here; check for an extra } or ] before it',
	InvalidCommentToken: 'JSON does not allow comments; remove this one',
	UnexpectedEndOfComment: 'JSON does not allow comments; remove this one',
	UnexpectedEndOfString: 'a string is not closed: add the closing double quote',
	InvalidEscapeCharacter: String.raw`write a backslash in a string as \\`,
	InvalidUnicode: String.raw`\u must be followed by four hexadecimal digits`,
	InvalidCharacter: String.raw`a string contains a line break or tab; write \n or \t`,
};

function readSecret(secret: SecretText, environment: Environment): string {
	if (typeof secret === 'string') return secret;
	if ('env' in secret) {
		const text = environment[secret.env];
		if (text === undefined || text === '') throw new Error(`the environment variable ${secret.env} is not set; set it`);
		return text;
	}
	try {
		return readRegularFile(secret.file)
			.toString('utf8')
			.replace(/\r?\n$/, '');
	} catch (error) {
		throw new Error(unreadable(secret.file, error), { cause: error });
	}
}

/**
 * A hash of the file and of the secret files it names, which also changes when a file becomes unreadable. Reads without
 * blocking the process, because a mount may hang.
 */
export async function fingerprintOf(path: string): Promise<string> {
	const text = await contentOf(path);
	const contents = [text];
	// One after the other, so that a mount that hangs occupies only one of the process's few threads.
	for (const file of secretFiles(text)) contents.push(await contentOf(file));
	return createHash('sha256').update(JSON.stringify(contents)).digest('hex');
}

async function contentOf(path: string): Promise<string> {
	try {
		await using file = await open(path, WITHOUT_WAITING);
		refuseIrregular(await file.stat());
		return await file.readFile('utf8');
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
		// Not JSON, so it names no files.
	}
	return [...paths];
}
