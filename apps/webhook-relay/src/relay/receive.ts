import { answerHandshake, type NamedSecret, splitEvents, verifySignature } from '@instagram-insights/core/webhook';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { Observer } from './observe.ts';
import { type Appended, type EventStore, StoreError } from './store.ts';

export type ReceiveOptions = {
	readonly store: Pick<EventStore, 'append'>;
	readonly verifyToken: string;
	/** several of one name while it is rotated */
	readonly secrets: readonly NamedSecret[];
	readonly acceptSha1: boolean;
	/** refuse bodies that Meta sent longer ago, by their `entry.time`; null: never */
	readonly maxAgeMs: number | null;
	readonly observer: Pick<Observer, 'see'>;
	/** Leaves the bytes as they came in `request.body`, or answers. @default at most 5 MB each, with no limit on all together */
	readonly readBody?: RequestHandler;
	/** ms since 1970 */
	readonly now: () => number;
};

const PATHS = ['/webhooks/instagram', '/webhooks/instagram/:secretName'];
/**
 * Meta gives messaging webhooks five seconds. Later than this the answer is 503 and Meta sends again. If the commit
 * succeeded after all, the next try finds duplicates, except events without a key: those are then stored twice.
 */
const COMMIT_DEADLINE_MS = 4000;
/** How long an unsigned body may still arrive after its answer. */
const DISCARD_MS = 5000;
const WELL_FORMED = { sha256: /^sha256=[0-9a-f]{64}$/i, sha1: /^sha1=[0-9a-f]{40}$/i };

/**
 * Meta's two requests. `GET`: the handshake. `POST`: verify, commit, then answer. 200 only after the events, their dedup
 * keys and all their deliveries are in one committed transaction; 503 when they are not, so that Meta sends again. What
 * happens with an event afterwards is nothing Meta needs to know: unknown fields and unreadable bodies are stored too.
 *
 * `/webhooks/instagram/:secretName` accepts the secrets of that name only.
 */
export function receiveRoutes(options: ReceiveOptions): Router {
	const { store, observer, now } = options;
	const router = express.Router();
	router.get(PATHS, (request, response) => {
		const handshake = answerHandshake(request.query, options.verifyToken);
		observer.see({ kind: 'handshake', outcome: handshake.accepted ? 'accepted' : handshake.reason });
		response.status(handshake.status).type('text/plain').send(handshake.body);
	});

	/** Without a signature header that could be Meta's, the body is not worth reading. */
	const refuseUnsigned: RequestHandler = (request, response, next) => {
		const { signature256, signature1 } = signaturesOf(request);
		const usable = options.acceptSha1 && signature256 === undefined ? WELL_FORMED.sha1 : WELL_FORMED.sha256;
		if (usable.test(signature256 ?? signature1 ?? '')) return next();
		const verdict = verify(request, Buffer.alloc(0), options.secrets);
		const reason = verdict.valid ? 'malformed-header' : verdict.reason;
		observer.see({ kind: 'refused', reason, otherSecret: null, ...timesOf(request, now()) });
		answer(response, 401, 'Signature refused.');
		// What still comes is thrown away, for a while: on a closed connection the sender would not see the answer.
		const impatience = setTimeout(() => request.socket.destroy(), DISCARD_MS);
		request.once('close', () => clearTimeout(impatience)).resume();
	};
	const readBody = options.readBody ?? express.raw({ type: () => true, limit: '5mb', inflate: false });
	router.post(PATHS, refuseUnsigned, readBody, async (request, response) => {
		const receivedAt = now();
		const began = performance.now();
		const sinceThen = () => performance.now() - began;
		const times = (committingMs: number | null) => {
			return { ...timesOf(request, receivedAt), committingMs, answeredMs: sinceThen() };
		};
		const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
		const { secretName } = request.params;
		const named = options.secrets.filter(({ name }) => secretName === undefined || name === secretName);
		const verdict = verify(request, body, named);
		const reason = verdict.valid ? (isTooOld(body, receivedAt) ? 'too-old' : null) : verdict.reason;
		if (!verdict.valid || reason !== null) {
			const elsewhere = verify(request, body, options.secrets);
			answer(response, 401, reason === 'too-old' ? 'Too old.' : 'Signature refused.');
			const otherSecret = !verdict.valid && elsewhere.valid ? elsewhere.secretName : null;
			return observer.see({ kind: 'refused', reason: reason ?? 'mismatch', otherSecret, ...times(null) });
		}
		const { signature256, signature1 } = signaturesOf(request);
		const signature = (verdict.algorithm === 'sha256' ? signature256 : signature1) ?? '';
		const committingMs = sinceThen();
		try {
			const receipt = { receivedAt, body: body.toString('latin1'), signature, secretName: verdict.secretName };
			const appended = await withinDeadline(store.append(receipt));
			answer(response, 200, 'OK');
			observer.see({ kind: 'stored', appended, secretName: verdict.secretName, ...times(committingMs) });
		} catch (error) {
			if (!response.headersSent) answer(response.set('retry-after', '5'), 503, 'Not stored, send again.');
			observer.see({ kind: 'not-stored', error, ...times(committingMs) });
		}
	});
	return router;

	function verify(request: Request, body: Uint8Array, secrets: readonly NamedSecret[]) {
		return verifySignature({ body, ...signaturesOf(request), secrets, allowSha1: options.acceptSha1 });
	}

	/** Meta's late repeats carry the time of sending in `entry.time`; a captured body keeps the old one. */
	function isTooOld(body: Buffer, receivedAt: number): boolean {
		if (options.maxAgeMs === null) return false;
		const split = splitEvents(body.toString('utf8'));
		return split.kind === 'events' && split.sentAt !== null && receivedAt - split.sentAt > options.maxAgeMs;
	}
}

function timesOf(request: Request, receivedAt: number) {
	return { receivedAt, committingMs: null, answeredMs: 0, traceparent: textOf(request.headers.traceparent) };
}

function signaturesOf({ headers }: Request): { signature256: string | undefined; signature1: string | undefined } {
	return { signature256: textOf(headers['x-hub-signature-256']), signature1: textOf(headers['x-hub-signature']) };
}

function textOf(header: string | string[] | undefined): string | undefined {
	return Array.isArray(header) ? header.join(',') : header;
}

function answer(response: Response, status: number, text: string): void {
	response.status(status).set('content-type', 'text/plain; charset=utf-8').end(text);
}

async function withinDeadline(appended: Promise<Appended>): Promise<Appended> {
	const late = Promise.withResolvers<never>();
	const timer = setTimeout(() => late.reject(new StoreError('late', 'not committed in time')), COMMIT_DEADLINE_MS);
	try {
		return await Promise.race([appended, late.promise]);
	} finally {
		clearTimeout(timer);
	}
}
