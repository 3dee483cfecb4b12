import { z } from 'zod/v4';
import { InsightsError } from '../insights-error.ts';
import { flatOrWrapped, Id } from './read-answer.ts';

/** A comma-separated list in the documentation, an array in live answers (S23, S21). */
const Permissions = z
	.union([z.array(z.string()), z.string().transform((list) => list.split(',').map((name) => name.trim()))])
	.transform((names) => names.filter((name) => name !== ''));

/** The answer of a code exchange, a long-lived exchange or a refresh. It contains a token: never log or show it. */
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
			/** Null: the answer does not say (tokens that do not expire), or says 0. */
			expiresInSeconds: answer.expires_in || null,
			/** The app-scoped id of the user. The professional account's id is `user_id` of `/me`, under the same name. */
			appScopedId: answer.user_id ?? null,
			/** Null: the answer does not say. */
			permissions: answer.permissions ?? null,
		})),
);
export type TokenAnswer = z.infer<typeof TokenAnswer>;

/** Instants of `debug_token`: seconds since 1970; 0 means never. */
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

/**
 * What is wrong with the form of a token, before it is sent: Meta's own message would be misleading.
 *
 * @returns null if the form is fine
 */
export function tokenProblem(token: string): InsightsError | null {
	const found = FORMS.find(({ form }) => form.test(token.trim()));
	return found === undefined ? null : new InsightsError('auth', found.message, { advice: found.advice });
}

const FORMS: readonly { readonly form: RegExp; readonly message: string; readonly advice: string }[] = [
	{
		form: /^$|^(?:undefined|null|\[object Object\])$/,
		message: 'The access token is empty. Nothing was sent to Meta.',
		advice:
			'Paste the token into the credential and save. If an expression sets it, check the result of the expression.',
	},
	{
		form: /^__n8n_BLANK_VALUE_/,
		message: 'The credential contains a placeholder of n8n instead of the access token. Nothing was sent to Meta.',
		advice: 'Open the credential, clear Access Token, paste the token again and save.',
	},
	{
		form: /^\d+(?:\||%7C)/i,
		message: 'The access token is an app token (ID|secret), which cannot read accounts. Nothing was sent to Meta.',
		advice: 'Enter the token of a user, a Page or a system user. The app secret belongs in its own field.',
	},
	{
		form: /^bearer\s|^["'“]|["'”]$|[\r\n\t]|^(?:IG|EAA)\S*\s/i,
		message: 'The access token contains spaces or quotes. Nothing was sent to Meta.',
		advice: 'Paste only the token, without "Bearer", quotes or line breaks.',
	},
];
