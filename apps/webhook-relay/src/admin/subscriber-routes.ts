import type { Clock } from '@instagram-insights/core';
import { Router } from 'express';
import { z } from 'zod/v4';
import { revisionOf, type Subscriber } from '../relay/event.ts';
import type { Sender } from '../relay/send.ts';
import type { AdminStore } from './admin-store.ts';
import { judgeEntry, type KeptEntry, keptSubscribers, newSecret } from './kept-subscribers.ts';
import { Refusal, read, unknownSubscriber } from './problems.ts';
import { release } from './replay.ts';
import { sendTestEvent } from './test-events.ts';

export type SubscriberRoutesOptions = {
	readonly store: AdminStore;
	readonly clock: Clock;
	/** sends test events, under the same address policy as deliveries */
	readonly sender: Sender;
	readonly subscribers: () => readonly Subscriber[];
	/** ids of the subscribers file, also of those that cannot be delivered to now */
	readonly idsInFile: () => readonly string[];
	/** apply what the store keeps now; resolves when it is in effect */
	readonly refresh: () => Promise<void>;
};

const PATH = '/api/subscribers/:subscriberId';
const entrySchema = z.looseObject({ id: z.string() });
const changeSchema = z.looseObject({
	revision: z.string().optional(),
	id: z.undefined('cannot be changed, because waiting deliveries belong to it; add a new subscriber instead'),
});
const removalSchema = z.strictObject({ waiting: z.enum(['keep', 'drop']).default('keep') });
const redirectSchema = z.strictObject({ to: z.string() });

/** Routes for one subscriber. Subscribers of the file can only be changed there. */
export function subscriberRoutes(options: SubscriberRoutesOptions): Router {
	const { store, clock } = options;
	const now = () => clock.now().getTime();
	const router = Router();
	editRoutes(router, options);

	const mustExist = async (subscriberId: string) => {
		const rows = await store.browse.subscribers(now());
		const row = rows.find((known) => known.subscriberId === subscriberId);
		const ids = rows.map((known) => known.subscriberId);
		if (row === undefined) throw unknown(subscriberId, ids);
		return row;
	};
	const mustBeRemoved = async (subscriberId: string) => {
		if (!(await mustExist(subscriberId)).known) return;
		throw new Refusal(409, [`"${subscriberId}" is still a subscriber: remove it first, or pause it`]);
	};

	router.post(`${PATH}/pause`, async ({ params: { subscriberId } }, response) => {
		await mustExist(subscriberId);
		await store.pause(subscriberId, { reason: 'paused by the operator', now: now() });
		response.json({ paused: subscriberId });
	});
	router.post(`${PATH}/resume`, async ({ params: { subscriberId } }, response) => {
		await mustExist(subscriberId);
		await store.resume(subscriberId);
		response.json({ resumed: subscriberId });
	});
	router.post(`${PATH}/drop`, async ({ params: { subscriberId } }, response) => {
		await mustBeRemoved(subscriberId);
		const { released } = await release(store, { subscriberId, to: null, now: now() });
		response.json({ dropped: released });
	});
	router.post(`${PATH}/redirect`, async ({ params: { subscriberId }, body }, response) => {
		const other = read(redirectSchema, body).to;
		await mustBeRemoved(subscriberId);
		const to = options.subscribers().find(({ id }) => id === other);
		if (to === undefined) throw new Refusal(400, [`to: ${unknownSubscriber(other, idsOf(options))}`]);
		const { released, left } = await release(store, { subscriberId, to, now: now() });
		response.json({ redirected: released, left });
	});
	router.post(`${PATH}/test`, async ({ params: { subscriberId } }, response) => {
		const subscriber = options.subscribers().find(({ id }) => id === subscriberId);
		if (subscriber === undefined) throw unknown(subscriberId, idsOf(options));
		if (subscriber.mode === 'passthrough') {
			const problem =
				'mode "passthrough" delivers only what Meta signed; run instagram-webhook-relay send-test instead';
			throw new Refusal(409, [problem]);
		}
		response.json(await sendTestEvent(subscriber, options.sender, clock));
	});
	return router;
}

/** Add, change and remove those that the store keeps. */
function editRoutes(router: Router, options: SubscriberRoutesOptions): void {
	const { store, clock, idsInFile, refresh } = options;
	const kept = keptSubscribers(store);
	/** The entry and its text as the store keeps it. */
	const findKept = async (id: string): Promise<{ entry: KeptEntry; text: string }> => {
		if (idsInFile().includes(id)) throw new Refusal(409, [`"${id}" is in the subscribers file: change it there`]);
		const text = await kept.find(id);
		if (text === null) throw unknown(id, idsOf(options));
		return { entry: JSON.parse(text), text };
	};
	/** Keep an entry in place of `before`, and deliver by it from now on. */
	const take = async (given: object, before: string | null): Promise<void> => {
		// null removes a setting.
		const settings = Object.entries(given).filter(([, value]) => value !== null);
		const judged = judgeEntry(Object.fromEntries(settings));
		if ('problems' in judged) throw new Refusal(400, judged.problems);
		const { id } = judged.entry;
		if (!(await kept.save(judged.entry, before))) throw before === null ? taken(id) : changedMeanwhile(id);
		// An earlier subscriber of this name may have been paused.
		if (before === null) await store.resume(id);
		await refresh();
	};

	router.post('/api/subscribers', async (request, response) => {
		const given = read(entrySchema, request.body);
		const { id } = given;
		if (idsInFile().includes(id)) throw taken(id);
		const secret = given.secret === undefined ? { secret: newSecret() } : {};
		await take({ ...given, ...secret }, null);
		response.status(201).json({ added: id, ...secret });
	});
	router.patch(PATH, async ({ params: { subscriberId }, body }, response) => {
		const { revision, ...change } = read(changeSchema, body);
		const { entry, text } = await findKept(subscriberId);
		if (revision !== undefined && revision !== revisionOfKept(entry)) throw changedMeanwhile(subscriberId);
		await take({ ...entry, ...change }, text);
		response.json({ changed: subscriberId });
	});
	router.post(`${PATH}/secret`, async ({ params: { subscriberId } }, response) => {
		const { entry, text } = await findKept(subscriberId);
		const secret = newSecret();
		// Until the receiver has the new secret, it recognises deliveries by the current one.
		const current = [entry.secret ?? []].flat().slice(0, 1);
		await take({ ...entry, secret: [secret, ...current] }, text);
		response.json({ changed: subscriberId, secret });
	});
	router.delete(PATH, async ({ params: { subscriberId }, body }, response) => {
		const { waiting } = read(removalSchema, body);
		await findKept(subscriberId);
		await kept.remove(subscriberId);
		await refresh();
		const dropping = { subscriberId, to: null, now: clock.now().getTime() };
		const { released } = waiting === 'drop' ? await release(store, dropping) : { released: 0 };
		response.json({ removed: subscriberId, dropped: released });
	});
}

const idsOf = ({ subscribers }: SubscriberRoutesOptions) => subscribers().map(({ id }) => id);
const unknown = (id: string, known: readonly string[]) => new Refusal(404, [unknownSubscriber(id, known)]);
const taken = (id: string) => new Refusal(409, [`id: "${id}" is taken; choose another name`]);
const changedMeanwhile = (id: string) =>
	new Refusal(409, [`"${id}" was changed in the meantime: reload it, then make your change again`]);

function revisionOfKept(entry: KeptEntry): string | null {
	const judged = judgeEntry(entry);
	return 'problems' in judged ? null : revisionOf(judged.subscriber);
}

/** The settings that may be shown: no secret, no header, and of the URL no query and no long part of the path. */
export function shownSettings(subscriber: Subscriber | undefined) {
	if (subscriber === undefined) return null;
	const { mode, success, concurrency, ratePerSecond, order, objects, fields, accounts, timeoutMs } = subscriber;
	const { origin, pathname } = new URL(subscriber.url);
	// The path of an n8n webhook is a secret too: anyone who knows it can start the workflow.
	const path = pathname
		.split('/')
		.map((part) => (part.length > 8 ? `${part.slice(0, 4)}…` : part))
		.join('/');
	return {
		...{ mode, success, concurrency, ratePerSecond, order, objects, fields, accounts, timeoutMs },
		origin,
		address: `${origin}${path}`,
		hasTestUrl: subscriber.testUrl !== null,
		secrets: subscriber.secrets.length,
		/** sent with a change, so that the change is refused if someone else made one since */
		revision: revisionOf(subscriber),
	};
}
