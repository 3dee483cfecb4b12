import type { HostName } from '../world/host.ts';
import { APPS, FACEBOOK_SCOPES, INSTAGRAM_SCOPES, type Token } from '../world/token.ts';
import type { CodeStore } from '../world/token-registry.ts';
import type { World } from '../world/world.ts';
import { checkToken, checkTokenWithoutProof } from './check-token.ts';
import { type Answer, GraphRefusal } from './graph-error.ts';
import { list } from './insights-query.ts';
import { invalidParameter } from './refusals.ts';

/** Where people sign in, and where a code becomes an Instagram token: hosts that are not Graph hosts. */
export type LoginRequest = {
	readonly host: string;
	readonly method: string;
	readonly path: readonly string[];
	readonly params: Params;
};

type Params = Readonly<Record<string, string>>;

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

/** `account=<key>` chooses who signs in; the bakery by default. */
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

/** Errors of api.instagram.com have a form of their own. */
function plainError(status: number, message: string): Answer {
	return { status, body: { error_type: 'OAuthException', code: status, error_message: message } };
}

function page(status: number, text: string): Answer {
	return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${text}\n` };
}

/**
 * `/oauth/access_token` of the Facebook host: a code or a short-lived token for a token, or the app's own token.
 *
 * @throws {GraphRefusal}
 */
export function facebookAccessToken(world: World, codes: CodeStore, params: Params): object {
	// The id of the Instagram app inside a Meta app is not an app of this host.
	const app = [APPS.facebook, APPS.enforcing].find((candidate) => candidate.id === params.client_id);
	if (app === undefined) {
		throw new GraphRefusal({
			code: 101,
			type: 'OAuthException',
			plain: true,
			message: 'Error validating application. Cannot get application info due to a system error.',
		});
	}
	if (params.client_secret !== app.secret) throw wrongSecret();
	if (params.grant_type === 'client_credentials')
		return { access_token: `${app.id}|${app.secret}`, token_type: 'bearer' };
	if (params.grant_type === 'fb_exchange_token') {
		const token = checkTokenWithoutProof(world, 'graph.facebook.com', params.fb_exchange_token);
		return answer(world, longLived(world, token, 'graph.facebook.com'));
	}
	if (params.code === undefined) throw invalidParameter('Missing authorization code');
	const code = codes.take(params.code);
	if (code === undefined || world.now().getTime() - code.issuedAt > HOUR_MS || code.appId !== app.id) {
		throw codeRefused('This authorization code has been used.');
	}
	if (params.redirect_uri !== code.redirectUri) {
		throw codeRefused(
			'Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request',
		);
	}
	const issuedAt = world.now().getTime();
	return answer(
		world,
		world.tokens.issue({
			host: 'graph.facebook.com',
			kind: 'short',
			accounts: [code.accountKey],
			appId: app.id,
			issuedAt,
			expiresAt: issuedAt + 2 * HOUR_MS,
			scopes: code.scopes,
			state: 'good',
			proofRequired: app.id === APPS.enforcing.id,
			limit: 'none',
			scenario: null,
		}),
	);
}

/**
 * `/debug_token`: what a token is, asked with the app's token or with itself. An invalid token is described, not refused.
 *
 * @throws {GraphRefusal} the asking token is not the app's own nor the token itself
 */
export function debugToken(world: World, params: Params, accessToken: string | undefined): object {
	const asking = checkToken(world, 'graph.facebook.com', accessToken, params.appsecret_proof);
	const token = world.tokens.find(params.input_token ?? '');
	if (token === undefined || token.host !== 'graph.facebook.com') {
		return {
			data: {
				error: { code: 190, message: 'Invalid OAuth access token - Cannot parse access token' },
				is_valid: false,
				scopes: [],
			},
		};
	}
	if (asking.value !== token.value && (asking.kind !== 'app' || asking.appId !== token.appId)) {
		throw invalidParameter(
			'You must provide an app access token, or a user access token that is an owner or developer of the app',
		);
	}
	const over = token.expiresAt !== null && token.expiresAt <= world.now().getTime();
	const subcode = token.state === 'good' ? (over ? 463 : null) : token.state;
	return {
		data: {
			app_id: token.appId,
			type: token.kind === 'page' ? 'PAGE' : token.kind === 'app' ? 'APP' : 'USER',
			application: Object.values(APPS).find((app) => app.id === token.appId)?.name,
			expires_at: token.expiresAt === null ? 0 : Math.floor(token.expiresAt / 1000),
			issued_at: Math.floor(token.issuedAt / 1000),
			is_valid: subcode === null,
			...(subcode === null ? {} : { error: { code: 190, message: 'Error validating access token', subcode } }),
			scopes: token.scopes,
			user_id: token.accounts[0] === undefined ? '0' : world.account(token.accounts[0]).facebookUserId,
		},
	};
}

function answer(world: World, token: Token): object {
	const secondsLeft = Math.floor(((token.expiresAt ?? 0) - world.now().getTime()) / 1000);
	return { access_token: token.value, token_type: 'bearer', expires_in: secondsLeft };
}

function codeRefused(message: string): GraphRefusal {
	return new GraphRefusal({ code: 100, subcode: 36_009, type: 'OAuthException', plain: true, message });
}

const DAY_MS = 86_400_000;
const LONG_MS = 60 * DAY_MS;

/**
 * `GET /access_token?grant_type=ig_exchange_token`: a short-lived Instagram token for one of 60 days.
 * A token from the dashboard is long-lived already, and is refused.
 *
 * @throws {GraphRefusal}
 */
export function exchangeInstagramToken(world: World, params: Params, accessToken: string | undefined): object {
	if (params.grant_type !== 'ig_exchange_token') throw invalidParameter('Invalid grant_type');
	if (params.client_secret !== APPS.instagram.secret) throw wrongSecret();
	const token = checkToken(world, 'graph.instagram.com', accessToken, undefined);
	if (token.kind !== 'short') throw sessionKeyInvalid();
	return grant(world, token, {});
}

/**
 * `GET /refresh_access_token`: a new token value, good for 60 days, for one that is at least a day old and has not expired.
 *
 * @throws {GraphRefusal}
 */
export function refreshInstagramToken(world: World, params: Params, accessToken: string | undefined): object {
	if (params.grant_type !== 'ig_refresh_token') throw invalidParameter('Invalid grant_type');
	const token = checkToken(world, 'graph.instagram.com', accessToken, undefined);
	if (token.kind === 'short') throw sessionKeyInvalid();
	if (world.now().getTime() - token.issuedAt < DAY_MS) {
		throw invalidParameter('The access token must be at least 24 hours old to be refreshed');
	}
	return grant(world, token, { permissions: token.scopes.join(',') });
}

/** A token of 60 days with the rights of another one. */
function longLived(world: World, token: Token, host: HostName): Token {
	const issuedAt = world.now().getTime();
	return world.tokens.issue({ ...token, host, kind: 'long', issuedAt, expiresAt: issuedAt + LONG_MS, scenario: null });
}

function grant(world: World, token: Token, extra: object): object {
	const granted = longLived(world, token, 'graph.instagram.com');
	return { access_token: granted.value, token_type: 'bearer', expires_in: LONG_MS / 1000, ...extra };
}

function wrongSecret(): GraphRefusal {
	return new GraphRefusal({ code: 1, type: 'OAuthException', plain: true, message: 'Error validating client secret.' });
}

function sessionKeyInvalid(): GraphRefusal {
	return new GraphRefusal({
		code: 452,
		type: 'OAuthException',
		plain: true,
		message:
			'Session key invalid. This could be because the session key has an incorrect format, or because the user has revoked this session',
	});
}
