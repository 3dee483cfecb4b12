// What is refused beside a wrong signature: bodies that cannot be signed, before they are read, and bodies of long ago.
import { type NamedSecret, splitEvents, verifySignature } from '@instagram-insights/core/webhook';
import type { RequestHandler } from 'express';
import type { Observer, Refusal } from '../relay/observe.ts';
import { answer, signaturesOf, timer } from '../relay/receive.ts';

export type UnsignedOptions = Pick<Observer, 'see'> & {
	readonly secrets: readonly NamedSecret[];
	readonly acceptSha1: boolean;
	readonly now: () => number;
};

const WELL_FORMED = { sha256: /^sha256=[0-9a-f]{64}$/i, sha1: /^sha1=[0-9a-f]{40}$/i };
/** How long an unsigned body may still arrive after its answer. */
const DISCARD_MS = 5000;

/** Answer 401 before the body is read, unless a signature header is there that could be Meta's. */
export function refuseUnsigned({ see, secrets, acceptSha1, now }: UnsignedOptions): RequestHandler {
	return (request, response, next) => {
		const signatures = signaturesOf(request);
		const { signature256, signature1 } = signatures;
		const usable = acceptSha1 && signature256 === undefined ? WELL_FORMED.sha1 : WELL_FORMED.sha256;
		if (usable.test(signature256 ?? signature1 ?? '')) return next();
		const verdict = verifySignature({ body: Buffer.alloc(0), ...signatures, secrets, allowSha1: acceptSha1 });
		const reason = verdict.valid ? 'malformed-header' : verdict.reason;
		see({ kind: 'refused', reason, otherSecret: null, ...timer(request, now())(null) });
		answer(response, 401, 'Signature refused.');
		// Read on and discard for a while: on a closed connection the sender would not see the answer.
		const closeTimer = setTimeout(() => request.socket.destroy(), DISCARD_MS);
		request.once('close', () => clearTimeout(closeTimer)).resume();
	};
}

/** Meta's late repeats carry the time of sending in `entry.time`; a captured body keeps the old one. */
export function refuseOlderThan(maxAgeMs: number): (body: Buffer, receivedAt: number) => Refusal | null {
	return (body, receivedAt) => {
		const split = splitEvents(body.toString('utf8'));
		const isOld = split.kind === 'events' && split.sentAt !== null && receivedAt - split.sentAt > maxAgeMs;
		return isOld ? 'too-old' : null;
	};
}
