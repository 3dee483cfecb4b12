import type { Clock } from '@instagram-insights/core';
import type { SignatureRefusal } from '@instagram-insights/core/webhook';
import type { Logger } from 'pino';
import type { Appended, ClaimedDelivery } from '../relay/event-store.ts';
import type { Verdict } from '../relay/judge-response.ts';
import type { DeliveryRequest } from '../relay/sign-delivery.ts';

/**
 * Traces of what the relay does: a receipt of Meta, the commit, each attempt.
 *
 * What every implementation promises: nothing here throws, waits or changes what becomes of an event. Spans that cannot
 * be kept or exported are lost. No payload, header, URL or secret is taken; ids, codes, counts and times are.
 */
export type Tracing = {
	/**
	 * A POST of Meta came in.
	 *
	 * @param traceparent the header as it came: the trace of whatever stands before the relay
	 */
	receive(traceparent: string | undefined): ReceiveTrace;
	/** A delivery is about to be attempted. */
	attempt(delivery: TracedDelivery): AttemptTrace;
	/** Export what is kept, for at most `patienceMs`; what is left then is lost. */
	stop(patienceMs: number): Promise<void>;
};

export type TracingOptions = {
	readonly clock: Clock;
	readonly log: Logger;
	/** tells replicas apart: `service.instance.id` */
	readonly instance: string;
};

export type ReceiveTrace = {
	/** The signature was accepted; the receipt goes to the store now. */
	committing(): void;
	/** What Meta is answered, and what was stored before that. */
	end(outcome: ReceiveOutcome): void;
};

export type ReceiveOutcome =
	| { readonly kind: 'committed'; readonly appended: Appended }
	| { readonly kind: 'refused'; readonly reason: SignatureRefusal }
	| { readonly kind: 'not-stored'; readonly error: unknown };

export type TracedDelivery = Pick<ClaimedDelivery, 'eventId' | 'subscriberId' | 'attempts' | 'field' | 'accountId'>;

export type AttemptTrace = {
	/** The request with the attempt's trace context (W3C `traceparent`), so that the receiver's trace goes on from it. */
	carry(request: DeliveryRequest): DeliveryRequest;
	end(outcome: AttemptOutcome): void;
	/** The relay stopped before there was an answer. */
	cutOff(): void;
};

export type AttemptOutcome = {
	/** null: no HTTP answer */
	readonly status: number | null;
	readonly verdict: Verdict;
	/** the delivery died with this attempt */
	readonly dead: boolean;
	/** from receiving to the end of this attempt */
	readonly lagMs: number;
};
