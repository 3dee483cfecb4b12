import { z } from 'zod/v4';
import { flatOrWrapped, Id } from './id.ts';

/** A comma list in the documentation, an array in live answers (S23, S21). */
const Permissions = z
	.union([z.array(z.string()), z.string().transform((list) => list.split(',').map((name) => name.trim()))])
	.transform((names) => names.filter((name) => name !== ''));

/** The answer of a code exchange, a long-lived exchange or a refresh. It holds a token: never log or show it. */
export const TokenAnswer = flatOrWrapped(
	z
		.object({
			access_token: z.string().min(1),
			token_type: z.string().nullish(),
			/** Seconds. */
			expires_in: z.coerce.number().nullish(),
			/** Seen as a number beyond 2^53 (S40). */
			user_id: Id.nullish(),
			permissions: Permissions.nullish(),
		})
		.transform((answer) => ({
			accessToken: answer.access_token,
			/** Null: the answer does not say, as for tokens that do not expire; 0 is never a life. */
			expiresInSeconds: answer.expires_in || null,
			/** The person's id in the eyes of this app; the professional account's is `user_id` of `/me`, under the same name. */
			appScopedId: answer.user_id ?? null,
			/** Null: the answer does not say. */
			permissions: answer.permissions ?? null,
		})),
);
export type TokenAnswer = z.infer<typeof TokenAnswer>;

/** Instants of `debug_token` are seconds since 1970, 0 for never. */
const Instant = z
	.number()
	.nullish()
	.transform((seconds) => (seconds ? new Date(seconds * 1000) : null));

/** The answer of `/debug_token` (Facebook host). */
export const DebugTokenAnswer = z.object({
	data: z
		.object({
			app_id: Id.nullish(),
			type: z.string().nullish(),
			is_valid: z.boolean(),
			expires_at: Instant,
			data_access_expires_at: Instant,
			issued_at: Instant,
			scopes: z.array(z.string()).nullish(),
			user_id: Id.nullish(),
		})
		.transform((token) => ({
			isValid: token.is_valid,
			/** `USER`, `PAGE`, `SYSTEM_USER` … */
			type: token.type ?? null,
			appId: token.app_id ?? null,
			userId: token.user_id ?? null,
			scopes: token.scopes ?? [],
			/** Null: never. */
			expiresAt: token.expires_at,
			/** Null: never. */
			dataAccessExpiresAt: token.data_access_expires_at,
			issuedAt: token.issued_at,
		})),
});
export type DebugTokenAnswer = z.infer<typeof DebugTokenAnswer>;
