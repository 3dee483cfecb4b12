import { type NamedSecret, verifySignature } from '@instagram-insights/core/webhook';
import type { Request, RequestHandler, Response } from 'express';
import type { Tracing } from '../trace/tracing.ts';
import type { Appended, EventStore } from './event-store.ts';
import type { ReceiveReporter } from './receive-reporter.ts';
import { StoreError } from './store-error.ts';

export type EventsRouteOptions = {
	readonly store: Pick<EventStore, 'append'>;
	readonly secrets: readonly NamedSecret[];
	readonly acceptSha1: boolean;
	readonly reporter: ReceiveReporter;
	readonly tracing: Pick<Tracing, 'receive'>;
	readonly onStored: (appended: Appended) => void;
	/** ms since 1970 */
	readonly now: () => number;
};

/** Meta gives messaging webhooks five seconds. Later than this the answer is 503, and the next try will find a duplicate. */
const COMMIT_DEADLINE_MS = 4000;

/**
 * `POST /webhooks/instagram`: verify, commit, then answer.
 *
 * 200 only after the event, its dedup key and all its deliveries are in one committed transaction; 503 when they are
 * not, so that Meta sends again. What is stored and then does with an event is nothing Meta needs to know: unknown
 * fields, unknown accounts and unreadable bodies are stored and answered 200.
 *
 * `/webhooks/instagram/:secretName` accepts that one secret only.
 */
export function eventsRoute(options: EventsRouteOptions): RequestHandler {
	const { store, secrets, acceptSha1, reporter, now } = options;
	return async (request: Request, response: Response) => {
		const receivedAt = now();
		const trace = options.tracing.receive(textOf(request.headers.traceparent));
		const body = request.body as Buffer;
		const route = request.params.secretName;
		const signed = { body, ...signaturesOf(request), allowSha1: acceptSha1 };

		const accepted = route === undefined ? secrets : secrets.filter(({ name }) => name === route);
		const verdict = verifySignature({ ...signed, secrets: accepted });
		if (!verdict.valid) {
			const elsewhere = verifySignature({ ...signed, secrets });
			reporter.refused(verdict.reason, elsewhere.valid ? elsewhere.secretName : null);
			trace.end({ kind: 'refused', reason: verdict.reason });
			return answer(response, 401, 'Signature refused.');
		}
		const signature = (verdict.algorithm === 'sha256' ? signed.signature256 : signed.signature1) ?? '';
		try {
			const receipt = { receivedAt, body: body.toString('latin1'), signature, secretName: verdict.secretName };
			trace.committing();
			const appended = await withinDeadline(store.append(receipt));
			answer(response, 200, 'OK');
			trace.end({ kind: 'committed', appended });
			reporter.accepted(appended, verdict.secretName, now() - receivedAt);
			options.onStored(appended);
		} catch (error) {
			reporter.notStored(error);
			response.set('retry-after', '5');
			answer(response, 503, 'Not stored, send again.');
			trace.end({ kind: 'not-stored', error });
		}
	};
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
	const timer = setTimeout(() => late.reject(new StoreError('locked', 'not committed in time')), COMMIT_DEADLINE_MS);
	try {
		return await Promise.race([appended, late.promise]);
	} finally {
		clearTimeout(timer);
	}
}
