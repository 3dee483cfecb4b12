import type { z } from 'zod/v4';

/** Every problem of a failed reading, one line each: where, then what. Values are not repeated, they may be secrets. */
export function describeProblems(error: z.ZodError): string[] {
	return error.issues.map((issue) => {
		const place = issue.path.length > 0 ? issue.path.map(String).join('.') : 'the file';
		return `${place}: ${issue.message}`;
	});
}
