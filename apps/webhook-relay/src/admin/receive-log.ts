import type { Clock } from '@instagram-insights/core';
import type { Logger } from 'pino';
import type { ReceiveReporter } from '../relay/receive-reporter.ts';
import { StoreError } from '../relay/store-error.ts';
import { throttledLines } from './throttled-lines.ts';

/**
 * The log of the receive path: codes, names and counts. No payload, no header, no address. What is accepted is counted by
 * the metrics, not logged: a line an event would be the slowest thing the relay does. What anyone on the internet can
 * cause, a refusal, and what comes by the thousand, an event not stored, is one line a minute and reason, with the number of those it stands for.
 */
export function receiveLog(log: Logger, clock: Clock): ReceiveReporter & { close(): void } {
	const refusals = throttledLines(clock);
	return {
		handshake(outcome) {
			if (outcome === 'accepted') return log.info({ outcome }, 'handshake');
			refusals.line(`handshake ${outcome}`, (leftOut) =>
				log.info({ outcome, ...(leftOut > 0 && { leftOut }) }, 'handshake'),
			);
		},
		refused(reason, otherSecret) {
			refusals.line(`signature ${reason} ${otherSecret}`, (leftOut) =>
				log.warn(
					{ reason, ...(otherSecret !== null && { wouldMatch: otherSecret }), ...(leftOut > 0 && { leftOut }) },
					'signature refused: if Meta sent this, the app secret is wrong or belongs to the other login',
				),
			);
		},
		accepted: ({ stored, duplicates, changed, commitMs }) =>
			log.debug({ events: stored.length, duplicates, changed, commitMs: Math.round(commitMs) }, 'received'),
		notStored(error) {
			const fields = storeFields(error);
			refusals.line(`not stored ${fields.kind}`, (leftOut) =>
				log.error({ ...fields, ...(leftOut > 0 && { leftOut }) }, 'not stored, answered 503'),
			);
		},
		close: refusals.close,
	};
}

/** The kind and text of a store error; SQLite's texts name tables and files, never values. */
export function storeFields(error: unknown): { kind: string; error: string } {
	const kind = error instanceof StoreError ? error.kind : 'unknown';
	return { kind, error: error instanceof Error ? error.message : String(error) };
}

/** Tell several reporters. */
export function reportToAll(reporters: readonly ReceiveReporter[]): ReceiveReporter {
	return {
		handshake: (...report) => reporters.forEach((reporter) => void reporter.handshake(...report)),
		refused: (...report) => reporters.forEach((reporter) => void reporter.refused(...report)),
		accepted: (...report) => reporters.forEach((reporter) => void reporter.accepted(...report)),
		notStored: (...report) => reporters.forEach((reporter) => void reporter.notStored(...report)),
	};
}
