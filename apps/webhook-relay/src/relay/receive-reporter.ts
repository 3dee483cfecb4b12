import type { NamedSecret, SignatureRefusal } from '@instagram-insights/core/webhook';
import type { Appended } from './event-store.ts';

/** What the receive path tells of itself: for metrics and logs. Never a text of a request. */
export type ReceiveReporter = {
	handshake(outcome: string): void;
	/** A request whose signature was not accepted; `otherSecret` is the one that would have matched on another route. */
	refused(reason: SignatureRefusal, otherSecret: NamedSecret['name'] | null): void;
	accepted(appended: Appended, secretName: string, answerMs: number): void;
	/** Answered 503. */
	notStored(error: unknown): void;
};
