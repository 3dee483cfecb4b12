import { randomBytes } from 'node:crypto';
import type { Subscriber } from '../relay/event.ts';
import type { AdminStore } from './admin-store.ts';
import { describeProblems } from './problems.ts';
import { type SecretText, type SubscriberEntry, subscriberSchema, toSubscriber } from './subscriber.ts';

/** An entry in the form of the subscribers file, as given. Its secrets are strings. */
export type KeptEntry = Pick<SubscriberEntry, 'id'> & { readonly [setting: string]: unknown };

const NOTES = 'subscriber/';

/** The subscribers that were added on the dashboard or by the admin API. The store keeps them, for all replicas. */
export function keptSubscribers(store: Pick<AdminStore, 'remember' | 'recall'>) {
	return {
		/** All of them as a subscribers file. */
		async text(): Promise<string> {
			const notes = await store.recall(NOTES);
			return `{"subscribers":[${notes.map(({ text }) => text).join(',')}]}`;
		},
		/** The text of one entry; null: unknown id. */
		async find(id: string): Promise<string | null> {
			const notes = await store.recall(NOTES + id);
			return notes.find(({ name }) => name === NOTES + id)?.text ?? null;
		},
		/** @returns false: nothing was saved, because the entry changed since `before` */
		save: (entry: KeptEntry, before: string | null) => store.remember(NOTES + entry.id, JSON.stringify(entry), before),
		remove: (id: string) => store.remember(NOTES + id, null),
	};
}

/** Validate an entry like one of the subscribers file. The problems do not repeat values. */
export function judgeEntry(
	given: object,
): { entry: KeptEntry; subscriber: Subscriber } | { problems: readonly string[] } {
	const reading = subscriberSchema.safeParse(given);
	if (!reading.success) return { problems: describeProblems(reading.error, 'the request') };
	const subscriber = toSubscriber(reading.data, textOnly);
	if (!('problems' in subscriber)) return { entry: { ...given, id: reading.data.id }, subscriber };
	return { problems: subscriber.problems.map(({ path, message }) => `${path.join('.')}: ${message}`) };
}

/** The API must not read the relay's files and environment. */
function textOnly(secret: SecretText): string {
	if (typeof secret === 'string') return secret;
	throw new Error('must be a string: only the subscribers file can refer to a variable or a file');
}

export function newSecret(): string {
	return `whsec_${randomBytes(32).toString('base64')}`;
}
