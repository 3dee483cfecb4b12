import { z } from 'zod/v4';
import type { GraphResponse } from './graph-request.ts';

/**
 * The answer of a batch: one item per request, in their order. `body` is JSON inside a string. An item is null when the
 * batch ran out of time before it (S25).
 */
export const BatchAnswer = z.array(
	z
		.object({
			code: z.number(),
			headers: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
			body: z.string().nullish(),
		})
		.nullable()
		.transform((item): GraphResponse | null => {
			if (item === null) return null;
			const headers = (item.headers ?? []).map(({ name, value }) => [name.toLowerCase(), value] as const);
			return { status: item.code, headers: Object.fromEntries(headers), text: item.body ?? '' };
		}),
);
export type BatchAnswer = z.infer<typeof BatchAnswer>;
