import type { HostName } from '../world/host.ts';
import { APPS, type Token } from '../world/token.ts';
import type { World } from '../world/world.ts';
import { checkToken } from './check-token.ts';
import { GraphRefusal } from './graph-error.ts';
import { invalidParameter } from './refusals.ts';

const DAY_MS = 86_400_000;
const LONG_MS = 60 * DAY_MS;

/**
 * `GET /access_token?grant_type=ig_exchange_token`: a short-lived Instagram token for one of 60 days.
 * A token from the dashboard is long-lived already, and is refused.
 *
 * @throws {GraphRefusal}
 */
export function exchangeInstagramToken(
	world: World,
	params: Readonly<Record<string, string>>,
	accessToken: string | undefined,
): object {
	if (params.grant_type !== 'ig_exchange_token') throw invalidParameter('Invalid grant_type');
	if (params.client_secret !== APPS.instagram.secret) throw wrongSecret();
	const token = checkToken(world, 'graph.instagram.com', accessToken, undefined);
	if (token.kind !== 'short') throw sessionKeyInvalid();
	return grant(world, token, {});
}

/**
 * `GET /refresh_access_token`: a new token value, good for 60 days, for one that is at least a day old and not over.
 *
 * @throws {GraphRefusal}
 */
export function refreshInstagramToken(
	world: World,
	params: Readonly<Record<string, string>>,
	accessToken: string | undefined,
): object {
	if (params.grant_type !== 'ig_refresh_token') throw invalidParameter('Invalid grant_type');
	const token = checkToken(world, 'graph.instagram.com', accessToken, undefined);
	if (token.kind === 'short') throw sessionKeyInvalid();
	if (world.now().getTime() - token.issuedAt < DAY_MS) {
		throw invalidParameter('The access token must be at least 24 hours old to be refreshed');
	}
	return grant(world, token, { permissions: token.scopes.join(',') });
}

/** A token of 60 days with the rights of another one. */
export function longLived(world: World, token: Token, host: HostName): Token {
	const issuedAt = world.now().getTime();
	return world.tokens.issue({ ...token, host, kind: 'long', issuedAt, expiresAt: issuedAt + LONG_MS, scenario: null });
}

function grant(world: World, token: Token, extra: object): object {
	const granted = longLived(world, token, 'graph.instagram.com');
	return { access_token: granted.value, token_type: 'bearer', expires_in: LONG_MS / 1000, ...extra };
}

export function wrongSecret(): GraphRefusal {
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
