import { APPS, FACEBOOK_SCOPES, INSTAGRAM_SCOPES } from '../world/token.ts';
import type { CodeStore } from '../world/token-registry.ts';
import type { World } from '../world/world.ts';
import type { Answer } from './graph-error.ts';
import { list } from './insights-query.ts';

/** Where people log in and where a code becomes an Instagram token: hosts that are not Graph hosts. */
export type LoginRequest = {
	readonly host: string;
	readonly method: string;
	readonly path: readonly string[];
	readonly params: Readonly<Record<string, string>>;
};

const HOUR_MS = 3_600_000;

/**
 * The authorize pages of both logins, which agree at once and redirect back with a code, and Instagram's code exchange.
 *
 * @param wrapped answer the exchange as Meta's documentation prints it, inside `data`
 * @returns `undefined` when the path is none of these
 */
export function loginPage(world: World, codes: CodeStore, request: LoginRequest, wrapped: boolean): Answer | undefined {
	const path = request.path.join('/');
	if (request.host === 'www.instagram.com' && path === 'oauth/authorize')
		return authorize(world, codes, request, 'instagram');
	if (request.host === 'www.facebook.com' && path === 'dialog/oauth')
		return authorize(world, codes, request, 'facebook');
	if (request.host === 'api.instagram.com' && path === 'oauth/access_token') {
		return request.method === 'POST'
			? exchangeCode(world, codes, request, wrapped)
			: plainError(405, 'Method not allowed');
	}
	return undefined;
}

/** `account=<key>` chooses who logs in; the bakery when absent. */
function authorize(world: World, codes: CodeStore, request: LoginRequest, login: 'instagram' | 'facebook'): Answer {
	const { client_id: clientId, redirect_uri: redirectUri, state, scope } = request.params;
	const app = Object.values(APPS).find((candidate) => candidate.id === clientId);
	if (app === undefined || (app.id === APPS.instagram.id) !== (login === 'instagram')) {
		return page(
			400,
			`Invalid request: client_id "${clientId ?? ''}" is not an app of this login. Use ${APPS[login].id}.`,
		);
	}
	if (redirectUri === undefined || !URL.canParse(redirectUri))
		return page(400, 'Invalid request: redirect_uri is missing.');
	if (request.params.response_type !== undefined && request.params.response_type !== 'code') {
		return page(400, 'Invalid request: response_type must be code.');
	}
	const known: readonly string[] = login === 'instagram' ? INSTAGRAM_SCOPES : FACEBOOK_SCOPES;
	const asked = list(scope?.replaceAll(' ', ','));
	const accountKey = request.params.account ?? 'bakery';
	if (world.accounts[accountKey] === undefined) return page(400, `No account "${accountKey}" in this sandbox.`);
	const code = codes.add({
		appId: app.id,
		accountKey,
		redirectUri,
		scopes: asked.length === 0 ? known : known.filter((name) => asked.includes(name)),
		issuedAt: world.now().getTime(),
	});
	const back = new URL(redirectUri);
	back.searchParams.set('code', code);
	if (state !== undefined) back.searchParams.set('state', state);
	return { status: 302, headers: { location: `${back}${login === 'instagram' ? '#_' : ''}` }, body: '' };
}

function exchangeCode(world: World, codes: CodeStore, request: LoginRequest, wrapped: boolean): Answer {
	const { params } = request;
	if (params.client_id !== APPS.instagram.id || params.client_secret !== APPS.instagram.secret) {
		return plainError(400, 'Invalid platform app');
	}
	if (params.grant_type !== 'authorization_code') return plainError(400, 'Invalid grant_type');
	const code = codes.take((params.code ?? '').replace(/#_$/, ''));
	if (code === undefined || world.now().getTime() - code.issuedAt > HOUR_MS || code.appId !== APPS.instagram.id) {
		return plainError(400, 'Matching code was not found or was already used');
	}
	if (code.redirectUri !== params.redirect_uri) {
		return plainError(
			400,
			'Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request',
		);
	}
	const issuedAt = world.now().getTime();
	const token = world.tokens.issue({
		host: 'graph.instagram.com',
		kind: 'short',
		accounts: [code.accountKey],
		appId: code.appId,
		issuedAt,
		expiresAt: issuedAt + HOUR_MS,
		scopes: code.scopes,
		state: 'good',
		proofRequired: false,
		limit: 'none',
		scenario: null,
	});
	// The app-scoped id, not the professional account's. Written as a JSON number, as Meta has been seen to do: JSON.parse
	// gets its last digit wrong.
	const id = world.account(code.accountKey).appScopedId;
	const permissions = wrapped ? JSON.stringify(code.scopes.join(',')) : JSON.stringify(code.scopes);
	const flat = `{"access_token":${JSON.stringify(token.value)},"user_id":${wrapped ? `"${id}"` : id},"permissions":${permissions}}`;
	return { status: 200, body: wrapped ? `{"data":[${flat}]}` : flat };
}

/** Errors of api.instagram.com look like no other. */
function plainError(status: number, message: string): Answer {
	return { status, body: { error_type: 'OAuthException', code: status, error_message: message } };
}

function page(status: number, text: string): Answer {
	return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${text}\n` };
}
