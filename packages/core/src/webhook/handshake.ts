import { equalInConstantTime } from './verify-signature.ts';

/**
 * The answer to Meta's `GET …?hub.mode=subscribe&hub.challenge=…&hub.verify_token=…`.
 *
 * `body` is always plain text: send it as `text/plain` (a challenge sent as HTML is a reflected script).
 * It repeats the challenge only if the token is right; a refusal repeats nothing from the request.
 */
export type HandshakeAnswer =
	| { accepted: true; status: 200; body: string }
	| { accepted: false; status: 400; reason: 'missing-parameter' | 'wrong-mode' | 'repeated-parameter'; body: string }
	| { accepted: false; status: 403; reason: 'wrong-token' | 'no-token-configured'; body: string };

/** The longest challenge that is answered; Meta's are about ten digits. */
const MAX_CHALLENGE_LENGTH = 1024;

/**
 * Answer Meta's verification handshake.
 *
 * @param query the parsed query string, flat: `hub.mode` or, as PHP-like servers rewrite it, `hub_mode`
 * @param verifyToken the token set in the App Dashboard; empty or missing refuses every request; there is no default
 */
export function answerHandshake(
	query: Readonly<Record<string, unknown>>,
	verifyToken: string | undefined,
): HandshakeAnswer {
	const [mode, challenge, token] = ['mode', 'challenge', 'verify_token'].map(
		(name) => query[`hub.${name}`] ?? query[`hub_${name}`],
	);
	if ([mode, challenge, token].some((value) => value !== undefined && typeof value !== 'string')) {
		return refuseAsMalformed('repeated-parameter');
	}
	if (typeof mode !== 'string' || typeof challenge !== 'string' || typeof token !== 'string') {
		return refuseAsMalformed('missing-parameter');
	}
	if (challenge === '' || challenge.length > MAX_CHALLENGE_LENGTH) return refuseAsMalformed('missing-parameter');
	if (mode !== 'subscribe') return refuseAsMalformed('wrong-mode');
	if (verifyToken === undefined || verifyToken === '') return refuseToken('no-token-configured');
	if (!equalInConstantTime(token, verifyToken)) return refuseToken('wrong-token');
	return { accepted: true, status: 200, body: challenge };
}

function refuseAsMalformed(reason: 'missing-parameter' | 'wrong-mode' | 'repeated-parameter'): HandshakeAnswer {
	return { accepted: false, status: 400, reason, body: 'Not a webhook verification request.' };
}

function refuseToken(reason: 'wrong-token' | 'no-token-configured'): HandshakeAnswer {
	return { accepted: false, status: 403, reason, body: 'Verification refused.' };
}
