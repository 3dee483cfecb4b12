import type { z } from 'zod/v4';

/**
 * Every problem of a failed reading, one line each: where, then what. Values are not repeated, they may be secrets.
 *
 * @param whole what to call the place of a problem that has none
 */
export function describeProblems(error: z.ZodError, whole: string): string[] {
	return error.issues.map((issue) => {
		const place = issue.path.length > 0 ? issue.path.map(String).join('.') : whole;
		return `${place}: ${issue.message}`;
	});
}
