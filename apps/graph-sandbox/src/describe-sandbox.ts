import type { Sandbox } from './app.ts';
import { APPS } from './world/token.ts';

/** What a person needs to begin: base URLs, accounts, tokens. */
export function describeSandbox(sandbox: Sandbox): string {
	const accounts = Object.values(sandbox.world.accounts);
	const width = Math.max(...accounts.map((account) => account.key.length));
	return [
		'The Graph sandbox is ready. Nothing here reaches Meta; every token is made up.',
		'',
		`  Instagram Login   baseUrl  ${sandbox.instagramUrl}`,
		`  Facebook Login    baseUrl  ${sandbox.facebookUrl}`,
		'',
		...accounts.map(
			({ key, id, followers, tokens }) =>
				`  ${key.padEnd(width)}  ${id}  ${String(followers).padStart(7)} followers  ${tokens.instagram}  ${tokens.facebook}`,
		),
		'',
		`  Apps: Instagram ${APPS.instagram.id} (secret ${APPS.instagram.secret}), Facebook ${APPS.facebook.id} (secret ${APPS.facebook.secret})`,
		`  Token variants, scenarios, webhook shapes: ${sandbox.url}/__sandbox`,
	].join('\n');
}
