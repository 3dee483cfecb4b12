import { type Clock, WEBHOOK_FIELDS } from '@instagram-insights/core';
import { buildRequest, eventIds, type Subscriber } from '../relay/event.ts';
import { judgeAnswer } from '../relay/rules.ts';
import type { Sender } from '../relay/send.ts';
import { adviceFor } from './attention.ts';

export type TestOutcome = {
	readonly field: string;
	readonly delivered: boolean;
	/** the code of an attempt, see docs/relay/errors.md */
	readonly reason: string;
	/** null: no HTTP answer */
	readonly status: number | null;
	/** the first characters of the answer */
	readonly answer: string;
	readonly durationMs: number;
	/** what to do; null: nothing, it arrived */
	readonly advice: string | null;
};

const ANSWER_LENGTH = 300;
const SAMPLES = new Map<string, object | null>(
	Object.entries(WEBHOOK_FIELDS).map(([field, { sample }]) => [field, sample]),
);
const newEventId = eventIds();

/**
 * Send one sample event straight to a subscriber in mode `event`, signed as every delivery, and report its answer. It is
 * not stored, and neither retried nor counted.
 */
export async function sendTestEvent(subscriber: Subscriber, sender: Sender, clock: Clock): Promise<TestOutcome> {
	const sentAt = clock.now();
	const startedAt = sentAt.getTime();
	const field = subscriber.fields?.[0] ?? 'comments';
	const event = {
		...{ eventId: newEventId(startedAt), object: subscriber.objects?.[0] ?? 'instagram', field, accountId: '0' },
		...{ occurredAt: null, receivedAt: startedAt, value: JSON.stringify(SAMPLES.get(field) ?? {}) },
		...{ sample: true, replay: false, body: null, signature: null },
	};
	const { url, timeoutMs, success } = subscriber;
	const result = await sender.post(url, buildRequest(event, subscriber, sentAt), { timeoutMs });
	const endedAt = clock.now().getTime();
	const { kind, reason } = judgeAnswer(result, success, endedAt);
	const answer = result.kind === 'answer' ? result : null;
	const delivered = kind === 'delivered';
	return {
		...{ field, delivered, reason, status: answer?.status ?? null, durationMs: endedAt - startedAt },
		answer: answer?.text.slice(0, ANSWER_LENGTH) ?? '',
		advice: delivered ? null : adviceFor(reason),
	};
}
