import type { Clock } from '@instagram-insights/core';
import { equalInConstantTime } from '@instagram-insights/core/webhook';
import type { RequestHandler } from 'express';

/** Wrong tokens that are answered at once: people mistype. */
const FREE_GUESSES = 5;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
/** The waits start over after this time without a wrong token. */
const CALM_MS = 15 * 60_000;
/** Maximum number of wrong tokens that wait for an answer; beyond it no token is checked. */
const MOST_WAITING = 10;

export type AdminTokenOptions = {
	readonly token: string;
	readonly clock: Clock;
	/** called for each refused request */
	readonly onRefused: () => void;
};

/**
 * Accept only requests with `Authorization: Bearer <token>`, compared in constant time. After five wrong tokens, each further
 * one waits twice as long for its answer, up to ten seconds; the right token is accepted at once. Parallel guesses do not
 * help: while ten wait, every other request is answered 429 unread.
 *
 * The dashboard keeps the token in its tab and sends it in this header. There is no cookie, so another site cannot act for
 * the operator (CSRF).
 */
export function requireAdminToken({ token, clock, onRefused }: AdminTokenOptions): RequestHandler {
	let [guesses, lastGuessAt, waiting] = [0, 0, 0];
	return async (request, response, next) => {
		if (waiting >= MOST_WAITING) {
			onRefused();
			response.status(429).set('retry-after', '10').json({ error: 'too-many-wrong-tokens' });
			return;
		}
		const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
		if (given !== '' && equalInConstantTime(given, token)) return next();
		onRefused();
		// A request without a token is not a guess.
		if (given !== '') {
			const now = clock.now().getTime();
			if (now - lastGuessAt > CALM_MS) guesses = 0;
			[guesses, lastGuessAt] = [guesses + 1, now];
			waiting += 1;
			await clock.sleep(waitFor(guesses)).finally(() => {
				waiting -= 1;
			});
		}
		response.status(401).set('www-authenticate', 'Bearer realm="relay"').json({ error: 'unauthorized' });
	};
}

/** How long the answer to this wrong token waits, in ms. */
export function waitFor(guesses: number): number {
	const beyond = guesses - FREE_GUESSES;
	return beyond <= 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** Math.min(beyond - 1, 20), LONGEST_WAIT_MS);
}
