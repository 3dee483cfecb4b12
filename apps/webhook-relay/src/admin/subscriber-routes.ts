import type { Clock } from '@instagram-insights/core';
import { type Response, Router } from 'express';
import { z } from 'zod/v4';
import { revisionOf, type Subscriber } from '../relay/event.ts';
import type { Sender } from '../relay/send.ts';
import type { AdminStore } from './admin-store.ts';
import { judgeEntry, type KeptEntry, keptSubscribers, newSecret } from './kept-subscribers.ts';
import { read, refuse } from './problems.ts';
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
	/** take up what the store keeps now; resolves when it counts */
	readonly refresh: () => Promise<void>;
};

const PATH = '/api/subscribers/:subscriberId';
const entrySchema = z.looseObject({ id: z.string() });
const changeSchema = z.looseObject({
	revision: z.string().optional(),
	id: z.undefined('cannot change: what waits belongs to it. Add a new one instead'),
});
const removalSchema = z.strictObject({ waiting: z.enum(['keep', 'drop']).default('keep') });
const redirectSchema = z.strictObject({ to: z.string() });

/** What people do with one subscriber. Those of the subscribers file are changed there only. */
export function subscriberRoutes(options: SubscriberRoutesOptions): Router {
	const { store, clock } = options;
	const now = () => clock.now().getTime();
	const router = Router();
	editRoutes(router, options);

	/** The subscriber as the store has it; or null, with 404 already answered. */
	const find = async (subscriberId: string, response: Response) => {
		const row = (await store.browse.subscribers(now())).find((known) => known.subscriberId === subscriberId);
		if (row === undefined) refuse(response, 404, [`there is no subscriber "${subscriberId}"`]);
		return row ?? null;
	};
	/** The same, but only one that was removed: what waits for the others is theirs. */
	const findRemoved = async (subscriberId: string, response: Response) => {
		const row = await find(subscriberId, response);
		if (row === null || !row.known) return row;
		refuse(response, 409, [`"${subscriberId}" is still a subscriber: remove it first, or pause it`]);
		return null;
	};

	router.post(`${PATH}/pause`, async ({ params: { subscriberId } }, response) => {
		if ((await find(subscriberId, response)) === null) return;
		await store.pause(subscriberId, { reason: 'paused by the operator', now: now() });
		response.json({ paused: subscriberId });
	});
	router.post(`${PATH}/resume`, async ({ params: { subscriberId } }, response) => {
		if ((await find(subscriberId, response)) === null) return;
		await store.resume(subscriberId);
		response.json({ resumed: subscriberId });
	});
	router.post(`${PATH}/drop`, async ({ params: { subscriberId } }, response) => {
		if ((await findRemoved(subscriberId, response)) === null) return;
		const { released } = await release(store, { subscriberId, to: null, now: now() });
		response.json({ dropped: released });
	});
	router.post(`${PATH}/redirect`, async (request, response) => {
		const { subscriberId } = request.params;
		const body = read(redirectSchema, request.body ?? {}, response);
		if (body === null || (await findRemoved(subscriberId, response)) === null) return;
		const to = options.subscribers().find(({ id }) => id === body.to);
		if (to === undefined) return refuse(response, 400, [`to: there is no subscriber "${body.to}"`]);
		const { released, left } = await release(store, { subscriberId, to, now: now() });
		response.json({ redirected: released, left });
	});
	router.post(`${PATH}/test`, async ({ params: { subscriberId } }, response) => {
		const subscriber = options.subscribers().find(({ id }) => id === subscriberId);
		if (subscriber === undefined) return refuse(response, 404, [`there is no subscriber "${subscriberId}"`]);
		if (subscriber.mode === 'passthrough') {
			return refuse(response, 409, [
				'in mode "passthrough" only what Meta signed is delivered: run instagram-webhook-relay send-test',
			]);
		}
		response.json(await sendTestEvent(subscriber, options.sender, clock));
	});
	return router;
}

/** Add, change and remove those that the store keeps. */
function editRoutes(router: Router, options: SubscriberRoutesOptions): void {
	const { store, clock, idsInFile, refresh } = options;
	const kept = keptSubscribers(store);
	/** The entry and its text as it is kept; or null, with the refusal already answered. */
	const findKept = async (id: string, response: Response): Promise<{ entry: KeptEntry; text: string } | null> => {
		if (idsInFile().includes(id)) {
			refuse(response, 409, [`"${id}" is in the subscribers file: change it there`]);
			return null;
		}
		const text = await kept.find(id);
		if (text !== null) return { entry: JSON.parse(text), text };
		refuse(response, 404, [`there is no subscriber "${id}"`]);
		return null;
	};
	/**
	 * Keep it in place of `before` and deliver by it from now on.
	 *
	 * @returns false: the problems are already answered
	 */
	const take = async (given: object, before: string | null, response: Response): Promise<boolean> => {
		// null takes a setting away.
		const settings = Object.entries(given).filter(([, value]) => value !== null);
		const judged = judgeEntry(Object.fromEntries(settings));
		if ('problems' in judged) refuse(response, 400, judged.problems);
		else if (!(await kept.save(judged.entry, before))) {
			const { id } = judged.entry;
			refuse(response, 409, [before === null ? taken(id) : changedMeanwhile(id)]);
		} else {
			// An earlier subscriber of this name may have been paused.
			if (before === null) await store.resume(judged.entry.id);
			await refresh();
			return true;
		}
		return false;
	};

	router.post('/api/subscribers', async (request, response) => {
		const given = read(entrySchema, request.body ?? {}, response);
		if (given === null) return;
		const { id } = given;
		if (idsInFile().includes(id)) return refuse(response, 409, [taken(id)]);
		const secret = given.secret === undefined ? { secret: newSecret() } : {};
		if (await take({ ...given, ...secret }, null, response)) response.status(201).json({ added: id, ...secret });
	});
	router.patch(PATH, async (request, response) => {
		const body = read(changeSchema, request.body ?? {}, response);
		const found = body === null ? null : await findKept(request.params.subscriberId, response);
		if (body === null || found === null) return;
		const { revision, ...change } = body;
		const { entry, text } = found;
		if (revision !== undefined && revision !== revisionOfKept(entry)) {
			return refuse(response, 409, [changedMeanwhile(entry.id)]);
		}
		if (await take({ ...entry, ...change }, text, response)) response.json({ changed: entry.id });
	});
	router.post(`${PATH}/secret`, async ({ params: { subscriberId } }, response) => {
		const found = await findKept(subscriberId, response);
		if (found === null) return;
		const secret = newSecret();
		// Until the receiver has the new one, it knows deliveries by the one before.
		const before = [found.entry.secret ?? []].flat().slice(0, 1);
		if (await take({ ...found.entry, secret: [secret, ...before] }, found.text, response)) {
			response.json({ changed: subscriberId, secret });
		}
	});
	router.delete(PATH, async (request, response) => {
		const { subscriberId } = request.params;
		const order = read(removalSchema, request.body ?? {}, response);
		if (order === null || (await findKept(subscriberId, response)) === null) return;
		await kept.remove(subscriberId);
		await refresh();
		const now = clock.now().getTime();
		const { released } =
			order.waiting === 'drop' ? await release(store, { subscriberId, to: null, now }) : { released: 0 };
		response.json({ removed: subscriberId, dropped: released });
	});
}

const taken = (id: string) => `id: "${id}" is taken; choose another name`;
const changedMeanwhile = (id: string) => `"${id}" was changed meanwhile: reload it, then make your change again`;

function revisionOfKept(entry: KeptEntry): string | null {
	const judged = judgeEntry(entry);
	return 'problems' in judged ? null : revisionOf(judged.subscriber);
}

/** What may be shown of a subscriber: no secret, no header, and of its URL no query and no long part of the path. */
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
		/** goes with a change, so that it is refused where someone else made one since */
		revision: revisionOf(subscriber),
	};
}
