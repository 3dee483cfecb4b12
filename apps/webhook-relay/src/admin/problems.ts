import type { z } from 'zod/v4';

type Issue = z.core.$ZodIssue;

/**
 * Every problem of a failed reading, one line each: where, then what, for people who know neither zod nor this code.
 * Values are not repeated, because they may be secrets.
 *
 * @param whole the place to name if a problem has none
 */
export function describeProblems(error: z.ZodError, whole: string): string[] {
	return error.issues.map((issue) => `${issue.path.map(String).join('.') || whole}: ${describeIssue(issue)}`);
}

/** What is wrong, without the name of the setting. Our own messages are used unchanged. */
export function describeIssue(issue: Issue): string {
	switch (issue.code) {
		case 'invalid_type': {
			const received = /received (\w+)$/.exec(issue.message)?.[1];
			if (!/^Invalid input/.test(issue.message)) return issue.message;
			return received === 'undefined' ? 'is missing' : `must be ${KINDS[issue.expected] ?? issue.expected}`;
		}
		case 'too_small':
			if (!/^Too small/.test(issue.message)) return issue.message;
			if (issue.origin === 'number' || issue.origin === 'int') {
				return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
			}
			return issue.minimum === 1 || issue.minimum === 1n
				? 'must not be empty'
				: `must have at least ${issue.minimum} entries`;
		case 'too_big':
			if (!/^Too big/.test(issue.message)) return issue.message;
			if (issue.origin === 'number' || issue.origin === 'int') return `must be at most ${issue.maximum}`;
			return `must have at most ${issue.maximum} ${issue.origin === 'string' ? 'characters' : 'entries'}`;
		case 'invalid_value':
			return /^Invalid/.test(issue.message)
				? `must be ${listed(issue.values.map((value) => `"${String(value)}"`))}`
				: issue.message;
		case 'unrecognized_keys': {
			const [first, ...others] = issue.keys.map((key) => `"${key}"`);
			return others.length === 0
				? `${first} is not a known setting; check its spelling`
				: `${[first, ...others].join(', ')} are not known settings; check their spelling`;
		}
		case 'invalid_key':
			return issue.issues.map(describeIssue).join('; ');
		case 'invalid_format':
			if (!/^Invalid/.test(issue.message)) return issue.message;
			return issue.format === 'url' ? 'must be a URL such as https://relay.example.com' : 'has an invalid format';
		case 'invalid_union':
			return /^Invalid/.test(issue.message) ? 'has an invalid format' : issue.message;
		default:
			return /^Invalid/.test(issue.message) ? 'has an invalid format' : issue.message;
	}
}

const KINDS: Readonly<Record<string, string>> = {
	string: 'a string in double quotes',
	number: 'a number',
	int: 'a whole number',
	boolean: 'true or false',
	array: 'a list in [ ]',
	object: 'an object in { }',
	record: 'an object in { }',
};

function listed(words: readonly string[]): string {
	return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** For an id that does not exist, with those that do. */
export function unknownSubscriber(id: string, known: readonly string[]): string {
	return `Unknown subscriber "${id}". Known subscribers: ${known.join(', ') || 'none'}`;
}

const ERRORS = { 400: 'bad-request', 404: 'not-found', 409: 'conflict' } as const;

/** Thrown to answer a request of the admin API with its problems. */
export class Refusal extends Error {
	readonly status: keyof typeof ERRORS;
	readonly answer: { readonly error: string; readonly problems: readonly string[] };

	constructor(status: keyof typeof ERRORS, problems: readonly string[]) {
		super(problems.join('; '));
		this.status = status;
		this.answer = { error: ERRORS[status], problems };
	}
}

/**
 * The validated input of a request.
 *
 * @throws {Refusal} with every problem
 */
export function read<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
	const reading = schema.safeParse(input ?? {});
	if (!reading.success) throw new Refusal(400, describeProblems(reading.error, 'the request'));
	return reading.data;
}
