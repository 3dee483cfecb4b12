import { z } from 'zod/v4';

/** An id as a string. Meta has sent bare numbers; those beyond 2^53 arrive here as strings already (exact-json.ts). */
export const Id = z.union([z.string(), z.number().int().transform(String)]);

/**
 * Reads an object that Meta's pages print as `{"data":[{…}]}` and live hosts send flat (S23 against S21, S38).
 * An edge answer with a `data` of several stays as it is, and fails the schema.
 */
export function flatOrWrapped<T extends z.ZodType>(schema: T): z.ZodPipe<z.ZodTransform, T> {
	return z.preprocess((body) => {
		if (typeof body !== 'object' || body === null || !('data' in body)) return body;
		const { data } = body;
		return Array.isArray(data) && data.length === 1 ? data[0] : body;
	}, schema);
}
