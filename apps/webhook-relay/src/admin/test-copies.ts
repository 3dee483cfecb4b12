import type { Clock } from '@instagram-insights/core';
import type { EventBrowser } from '../relay/event-browser.ts';
import type { StoredEvent } from '../relay/event-store.ts';
import { wants } from '../relay/fan-out.ts';
import type { HttpSender } from '../relay/http-sender.ts';
import { signDelivery } from '../relay/sign-delivery.ts';
import type { Subscriber } from '../relay/subscriber.ts';

/** A test URL listens for one call after a click in the editor; whoever waits there is at the screen. */
const TIMEOUT_MS = 10_000;
/** Copies waiting or under way; beyond it the newest are not copied. */
const MAX_COPIES = 50;

/**
 * Best-effort copies to the test URLs: one try each, nothing stored, nothing retried, and never in the way of a
 * delivery. They go out also while the production URL is paused or down, which is when people test.
 */
export function createTestCopies(options: { browse: EventBrowser; sender: HttpSender; clock: Clock }) {
	const { browse, sender, clock } = options;
	let waiting = 0;

	async function copy(event: StoredEvent, subscriber: Subscriber, url: string): Promise<void> {
		const payload = await browse.payload(event.eventId);
		if (payload === null) return;
		await sender.post(url, signDelivery(payload, subscriber, clock.now()), { timeoutMs: TIMEOUT_MS });
	}

	return {
		/** Copy the events of one receipt to the test URLs that want them. Returns at once. */
		send(events: readonly StoredEvent[], subscribers: readonly Subscriber[]): void {
			for (const subscriber of subscribers) {
				const { testUrl } = subscriber;
				if (testUrl === null) continue;
				const wanted = events.filter((event) => wants(subscriber, event));
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
export type TestCopies = ReturnType<typeof createTestCopies>;
