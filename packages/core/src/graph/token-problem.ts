import { InsightsError } from '../insights-error.ts';

/**
 * What is wrong with a token by its form alone, before it is sent: Meta would answer in words that point elsewhere.
 *
 * @returns null when nothing speaks against it
 */
export function tokenProblem(token: string): InsightsError | null {
	const found = FORMS.find(({ form }) => form.test(token.trim()));
	return found === undefined ? null : new InsightsError('auth', found.message, { advice: found.advice });
}

const FORMS: readonly { readonly form: RegExp; readonly message: string; readonly advice: string }[] = [
	{
		form: /^$|^(?:undefined|null|\[object Object\])$/,
		message: 'The access token is empty. Nothing was sent to Meta.',
		advice: 'Paste the token into the credential and save it; where an expression gives it, check what it gives.',
	},
	{
		form: /^__n8n_BLANK_VALUE_/,
		message: 'The credential holds a placeholder of n8n instead of the access token. Nothing was sent to Meta.',
		advice: 'Open the credential, delete what stands in Access Token, paste the token again and save.',
	},
	{
		form: /^\d+(?:\||%7C)/i,
		message: 'The access token is an app token (ID|secret), which reads no account. Nothing was sent to Meta.',
		advice: 'Store the token of a person, a Page or a system user; the app secret belongs into a field of its own.',
	},
	{
		form: /^bearer\s|^["'“]|["'”]$|[\r\n\t]|^(?:IG|EAA)\S*\s/i,
		message: 'The access token has blanks or quotes in it. Nothing was sent to Meta.',
		advice: 'Paste the token alone, from its first letter to its last, without "Bearer", quotes and line breaks.',
	},
];
