import { answerHandshake, type NamedSecret, verifySignature } from '@instagram-insights/core/webhook';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { Observer, ReceiveTimes, Refusal } from './observe.ts';
import { type Appended, type EventStore, StoreError } from './store.ts';

export type ReceiveOptions = {
	readonly store: Pick<EventStore, 'append'>;
	readonly verifyToken: string;
	/** several of one name while it is rotated */
	readonly secrets: readonly NamedSecret[];
	readonly acceptSha1: boolean;
	readonly observer: Pick<Observer, 'see'>;
	/** Leave the bytes as they came in `request.body`, or answer. @default at most 5 MB each, with no limit on all together */
	readonly readBody?: readonly RequestHandler[];
	/** Why a body whose signature is valid is refused all the same; null: it is not. @default never */
	readonly refuse?: (body: Buffer, receivedAt: number) => Refusal | null;
	/** ms since 1970 */
	readonly now: () => number;
};

const PATHS = ['/webhooks/instagram', '/webhooks/instagram/:secretName'];
/**
 * Meta gives messaging webhooks five seconds. Later than this the answer is 503 and Meta sends again. If the commit
 * succeeded after all, the next try finds duplicates, except events without a key: those are then stored twice.
 */
const COMMIT_DEADLINE_MS = 4000;

/**
 * Meta's two requests. `GET`: the handshake. `POST`: verify, commit, then answer. 200 only after the events, their dedup
 * keys and all their deliveries are in one committed transaction; 503 when they are not, so that Meta sends again. Meta
 * need not know what happens to an event afterwards: unknown fields and unreadable bodies are stored too.
 *
 * `/webhooks/instagram/:secretName` accepts the secrets of that name only.
 */
export function receiveRoutes(options: ReceiveOptions): Router {
	const { store, observer, now, secrets } = options;
	const router = express.Router();
	router.get(PATHS, (request, response) => {
		const handshake = answerHandshake(request.query, options.verifyToken);
		observer.see({ kind: 'handshake', outcome: handshake.accepted ? 'accepted' : handshake.reason });
		response.status(handshake.status).type('text/plain').send(handshake.body);
	});
	const readBody = options.readBody ?? [express.raw({ type: () => true, limit: '5mb', inflate: false })];
	router.post(PATHS, ...readBody, async (request, response) => {
		const times = timer(request, now());
		const { receivedAt } = times(null);
		const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
		const { secretName } = request.params;
		const named = secrets.filter(({ name }) => secretName === undefined || name === secretName);
		const signed = { body, ...signaturesOf(request), allowSha1: options.acceptSha1 };
		const verdict = verifySignature({ ...signed, secrets: named });
		if (!verdict.valid) {
			const elsewhere = verifySignature({ ...signed, secrets });
			const otherSecret = elsewhere.valid ? elsewhere.secretName : null;
			answer(response, 401, 'Signature refused.');
			return observer.see({ kind: 'refused', reason: verdict.reason, otherSecret, ...times(null) });
		}
		const refusal = options.refuse?.(body, receivedAt) ?? null;
		if (refusal !== null) {
			answer(response, 401, 'Refused.');
			return observer.see({ kind: 'refused', reason: refusal, otherSecret: null, ...times(null) });
		}
		const signature = (verdict.algorithm === 'sha256' ? signed.signature256 : signed.signature1) ?? '';
		const { answeredMs: committingMs } = times(null);
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
}

/** The times of a POST, as of each call. */
export function timer({ headers }: Request, receivedAt: number): (committingMs: number | null) => ReceiveTimes {
	const began = performance.now();
	const traceparent = textOf(headers.traceparent);
	return (committingMs) => ({ receivedAt, committingMs, answeredMs: performance.now() - began, traceparent });
}

export function signaturesOf({ headers }: Request) {
	return { signature256: textOf(headers['x-hub-signature-256']), signature1: textOf(headers['x-hub-signature']) };
}

function textOf(header: string | string[] | undefined): string | undefined {
	return Array.isArray(header) ? header.join(',') : header;
}

export function answer(response: Response, status: number, text: string): void {
	response.status(status).set('content-type', 'text/plain; charset=utf-8').end(text);
}

function withinDeadline(appended: Promise<Appended>): Promise<Appended> {
	const answered = Promise.withResolvers<Appended>();
	const late = () => answered.reject(new StoreError('late', 'not committed in time'));
	const timer = setTimeout(late, COMMIT_DEADLINE_MS);
	appended.finally(() => clearTimeout(timer)).then(answered.resolve, answered.reject);
	return answered.promise;
}
