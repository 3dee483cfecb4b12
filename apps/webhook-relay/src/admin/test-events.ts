import type { Clock } from '@instagram-insights/core';
import { WEBHOOK_FIELDS } from '@instagram-insights/core/webhook';
import { buildRequest, eventIds, type Subscriber } from '../relay/event.ts';
import type { Observer } from '../relay/observe.ts';
import { judgeAnswer, wants } from '../relay/rules.ts';
import type { Sender } from '../relay/send.ts';
import type { StoredEvent } from '../relay/store.ts';
import type { EventBrowser } from './admin-store.ts';
import { adviceFor } from './attention.ts';

/** A test URL listens for one call after a click in the editor, where someone waits for it. */
const TIMEOUT_MS = 10_000;
/** Maximum number of copies at once; further events are not copied. */
const MAX_COPIES = 50;

/**
 * Best-effort copies to the test URLs: one attempt each, not stored, not retried, and without effect on deliveries. They are
 * sent even while the production URL is paused or down, which is when people test.
 */
export function testCopies(options: {
	browse: EventBrowser;
	sender: Sender;
	clock: Clock;
	subscribers: () => readonly Subscriber[];
}): Observer {
	const { browse, sender, clock, subscribers } = options;
	let waiting = 0;

	async function copy(event: StoredEvent, subscriber: Subscriber, url: string): Promise<void> {
		const payload = await browse.payload(event.eventId);
		if (payload === null) return;
		await sender.post(url, buildRequest(payload, subscriber, clock.now()), { timeoutMs: TIMEOUT_MS });
	}

	return {
		see(happening) {
			if (happening.kind !== 'stored') return;
			for (const subscriber of subscribers()) {
				const { testUrl } = subscriber;
				if (testUrl === null) continue;
				const wanted = happening.appended.stored.filter((event) => wants(subscriber, event));
				for (const event of subscriber.mode === 'passthrough' ? wanted.slice(0, 1) : wanted) {
					if (waiting >= MAX_COPIES) return;
					waiting += 1;
					void copy(event, subscriber, testUrl)
						.catch(() => {})
						.finally(() => {
							waiting -= 1;
						});
				}
			}
		},
	};
}

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
	/** what to do; null: it arrived */
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
