import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HostName } from '../world/host.ts';
import { APPS, type Token } from '../world/token.ts';
import type { World } from '../world/world.ts';
import { GraphRefusal } from './graph-error.ts';

/** The message for an invalid token, by subcode. */
const DEAD: Readonly<Record<number, string>> = {
	458: 'Error validating access token: The user has not authorized application.',
	459: 'Error validating access token: The user is enrolled in a blocking, logged-in checkpoint.',
	460: 'Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.',
	464: 'Error validating access token: Sessions for the user are not allowed because the user is not a confirmed user.',
	467: 'Error validating access token: The session has been invalidated because the user logged out.',
	490: 'Error validating access token: The user is enrolled in a blocking, logged-in checkpoint.',
	492: 'Error validating access token: Session does not match current stored session. The user no longer has a role on the Page.',
};

export function deadMessage(subcode: number): string {
	return DEAD[subcode] ?? 'Error validating access token: Session has expired.';
}

/**
 * The token behind a call.
 *
 * @param value as sent, `undefined` when none was
 * @param proof the `appsecret_proof` parameter
 * @throws {GraphRefusal} none sent, of the other host, unknown, expired, dead, or without the proof its app demands
 */
export function checkToken(world: World, host: HostName, value: string | undefined, proof: string | undefined): Token {
	const token = checkTokenWithoutProof(world, host, value);
	checkProof(token, proof);
	return token;
}

/** The same without a proof, because the app has sent its secret. */
export function checkTokenWithoutProof(world: World, host: HostName, value: string | undefined): Token {
	if (value === undefined || value === '') {
		throw new GraphRefusal({
			code: 2500,
			type: 'OAuthException',
			plain: true,
			message: 'An active access token must be used to query information about the current user.',
		});
	}
	const token = world.tokens.find(value);
	if (token === undefined || token.host !== host) throw cannotParse(host);
	if (token.state !== 'good') throw dead(token.state, deadMessage(token.state));
	if (token.expiresAt !== null && token.expiresAt <= world.now().getTime()) throw expired(token, world.now());
	return token;
}

/** A token of the other host gets the same answer as garbage, which looks like an expired token. */
function cannotParse(host: HostName): GraphRefusal {
	return new GraphRefusal({
		code: 190,
		type: 'OAuthException',
		plain: true,
		message: 'Invalid OAuth access token - Cannot parse access token',
		...(host === 'graph.facebook.com' ? { status: 401 } : {}),
	});
}

function expired(token: Token, now: Date): GraphRefusal {
	return dead(
		463,
		`Error validating access token: Session has expired on ${pacificClock(token.expiresAt ?? 0)}. The current time is ${pacificClock(now.getTime())}.`,
	);
}

function dead(subcode: number, message: string): GraphRefusal {
	return new GraphRefusal({ code: 190, subcode, type: 'OAuthException', plain: true, message });
}

function pacificClock(instant: number): string {
	return `${new Intl.DateTimeFormat('en-US', {
		timeZone: 'America/Los_Angeles',
		weekday: 'long',
		day: '2-digit',
		month: 'short',
		year: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
	}).format(instant)} PST`;
}

function checkProof(token: Token, proof: string | undefined): void {
	const secret = Object.values(APPS).find((app) => app.id === token.appId)?.secret ?? '';
	if (proof === undefined) {
		if (!token.proofRequired) return;
		throw proofRefusal('API calls from the server require an appsecret_proof argument');
	}
	const expected = createHmac('sha256', secret).update(token.value).digest('hex');
	const given = Buffer.from(proof.toLowerCase());
	const matches = given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
	// The Instagram host does not document the proof and ignores it.
	if (!matches && token.host === 'graph.facebook.com')
		throw proofRefusal('Invalid appsecret_proof provided in the API argument');
}

function proofRefusal(message: string): GraphRefusal {
	return new GraphRefusal({ code: 100, type: 'GraphMethodException', plain: true, message });
}
