import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signWebhook } from '@instagram-insights/core/testing';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { EventDetail, EventRow, SubscriberRow, Totals } from '../src/admin/admin-store.ts';
import { readConfig } from '../src/cli/config.ts';
import { startRelay } from '../src/cli/start-relay.ts';
import { systemClock } from '../src/cli/system-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const ADMIN_TOKEN = 'fake-admin-token-1';
export const APP_SECRET = 'fake-ig';

/** Every member that some answer of the admin API has; a test reads those of the path it asked. */
export type AdminAnswer = Totals &
	EventDetail & {
		readonly rows: readonly (Pick<EventRow, 'eventId'> &
			Pick<SubscriberRow, 'subscriberId' | 'pause' | 'lastFailureReason'> & {
				settings: Record<string, unknown> & { revision: string };
			})[];
		readonly replayed: number;
		readonly problems: readonly string[];
	};

/** One comment of one account, as Meta sends it. */
export function commentBody(id: string, { accountId = '17841405309211844', text = 'hi' } = {}) {
	return {
		object: 'instagram',
		entry: [{ id: accountId, time: 1764551000, changes: [{ field: 'comments', value: { id, text } }] }],
	};
}

/** A whole relay in this process, on a port of its own and a store that goes with the test. */
export async function startTestRelay({
	subscribers = [] as readonly object[],
	environment = {} as Record<string, string>,
	folder = temporaryFolder(),
} = {}) {
	const subscribersPath = join(folder, 'subscribers.json');
	const writeSubscribers = (list: readonly object[]) =>
		writeFileSync(subscribersPath, JSON.stringify({ subscribers: list }));
	writeSubscribers(subscribers);
	const lines: string[] = [];
	let aheadMs = 0;
	const config = readConfig({
		RELAY_PORT: '0',
		RELAY_STORE: `sqlite:${join(folder, 'relay.db')}`,
		META_VERIFY_TOKEN: 'fake-verify',
		META_APP_SECRETS: `instagram:${APP_SECRET},facebook:fake-fb`,
		RELAY_SUBSCRIBERS: subscribersPath,
		RELAY_ADMIN_TOKEN: ADMIN_TOKEN,
		RELAY_DRAIN_SECONDS: '2',
		...environment,
	});
	const relay = await startRelay({
		config,
		environment,
		clock: { ...systemClock, now: () => new Date(Date.now() + aheadMs) },
		random: () => 0,
		log: pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) }),
	});
	let stopped: Promise<void> | null = null;
	const stop = () => {
		stopped ??= relay.stop();
		return stopped;
	};
	onTestFinished(stop);

	const webhook = `${relay.url}/webhooks/instagram`;
	return {
		url: relay.url,
		folder,
		/** log lines so far */
		lines,
		stop,
		writeSubscribers,
		/** Set the relay's clock: so far ahead of the others'. */
		setAhead(ms: number) {
			aheadMs = ms;
		},
		/** POST as Meta does, signed. */
		async post(
			payload: unknown,
			{ secret = APP_SECRET, path = '', headers: more = {} as Record<string, string> } = {},
		): Promise<Response> {
			const { body, headers } = signWebhook(payload, secret);
			return fetch(`${webhook}${path}`, { method: 'POST', body: Buffer.from(body), headers: { ...headers, ...more } });
		},
		/** Ask the admin API. */
		async api(path: string, body?: object, method: 'POST' | 'PATCH' | 'DELETE' = 'POST') {
			const response = await fetch(`${relay.url}/api/${path}`, {
				headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
				...(body === undefined ? {} : { method, body: JSON.stringify(body) }),
			});
			return { status: response.status, json: (await response.json()) as AdminAnswer };
		},
	};
}
