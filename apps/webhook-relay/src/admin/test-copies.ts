import type { Clock } from '@instagram-insights/core';
import { buildRequest, type Subscriber } from '../relay/event.ts';
import type { Observer } from '../relay/observe.ts';
import { wants } from '../relay/rules.ts';
import type { Sender } from '../relay/send.ts';
import type { StoredEvent } from '../relay/store.ts';
import type { EventBrowser } from './admin-store.ts';

/** A test URL listens for one call after a click in the editor, where someone waits for it. */
const TIMEOUT_MS = 10_000;
/** Copies waiting or under way; beyond it the newest are not copied. */
const MAX_COPIES = 50;

/**
 * Best-effort copies to the test URLs: one try each, nothing stored, nothing retried, and never in the way of a
 * delivery. They are sent even while the production URL is paused or down, which is when people test.
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
