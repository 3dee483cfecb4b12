import express, { type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod/v4';
import type { Subscriber } from '../relay/event.ts';
import type { AccountNames } from './account-names.ts';
import type { Activity } from './activity.ts';
import type { AdminStore, EventRow } from './admin-store.ts';
import type { Attention } from './attention.ts';
import { deliveriesQuerySchema, eventsQuerySchema, replayBodySchema } from './event-query.ts';
import { eventText } from './event-text.ts';
import { findEvents } from './find-events.ts';
import { describeProblems } from './problems.ts';
import { release, replay } from './replay.ts';

export type AdminOptions = {
	readonly store: AdminStore;
	/** lets a request through or answers it */
	readonly guard: RequestHandler;
	readonly subscribers: () => readonly Subscriber[];
	readonly activity: Activity;
	readonly attention: Attention;
	readonly names: AccountNames;
	/** ms since 1970 */
	readonly now: () => number;
};

/** A search goes on for so long, then answers with what it has. */
const SEARCH_MS = 1500;

const dismissSchema = z.strictObject({ kind: z.enum(['silent', 'standby']), subject: z.string().min(1).max(100) });
const redirectSchema = z.strictObject({ to: z.string() });

/** The admin API under `/api`. Everything needs the admin token. */
export function adminRoutes(options: AdminOptions): Router {
	const { store, names, now } = options;
	const router = Router();
	// Nothing but JSON is taken, so its content type is not asked for.
	router.use('/api', noStore, options.guard, express.json({ limit: '1mb', type: () => true }));

	router.get('/api/overview', async (_request, response) => {
		response.json(await overview(options));
	});
	router.get('/api/totals', async (_request, response) => {
		response.json({ ...(await store.browse.totals(now())), now: now() });
	});
	router.get('/api/events', async (request, response) => {
		const query = read(eventsQuerySchema, request.query, response);
		if (query === null) return;
		const { field: fields, account: accounts, subscriber: subscriberId, ...rest } = query;
		const startedAt = performance.now();
		const isLate = () => performance.now() - startedAt > SEARCH_MS;
		const page = await findEvents(store.browse, { fields, accounts, subscriberId, ...rest }, isLate);
		response.json({ ...page, rows: page.rows.map((row) => shownEvent(row, names)) });
	});
	router.get('/api/events/:eventId', async (request, response) => {
		const detail = await store.browse.event(request.params.eventId);
		if (detail === null) return notFound(response);
		const { value, beginning: _, ...event } = detail.event;
		const rest = JSON.stringify({ ...event, valueText: value });
		// Meta's own text: parsed and written anew it would lose digits.
		response
			.type('json')
			.send(`{"event":${rest.slice(0, -1)},"value":${value}},"deliveries":${JSON.stringify(detail.deliveries)}}`);
	});
	router.get('/api/deliveries', async (request, response) => {
		const query = read(deliveriesQuerySchema, request.query, response);
		if (query === null) return;
		const { subscriber: subscriberId, ...rest } = query;
		response.json(await store.browse.deliveries({ subscriberId, ...rest }));
	});
	router.get('/api/accounts', async (_request, response) => {
		const concerns = await options.attention.find();
		const warnings = concerns.filter(({ kind }) => kind === 'silent' || kind === 'standby');
		response.json({ rows: await store.browse.accounts(), names: names.read(), warnings });
	});
	router.get('/api/subscribers', async (_request, response) => {
		response.json({ rows: await subscriberRows(options), now: now() });
	});
	router.post('/api/concerns/dismiss', async (request, response) => {
		const concern = read(dismissSchema, request.body ?? {}, response);
		if (concern === null) return;
		await options.attention.dismiss(concern);
		response.json({ dismissed: `${concern.kind} ${concern.subject}` });
	});
	router.post('/api/replay', async (request, response) => {
		const body = read(replayBodySchema, request.body ?? {}, response);
		if (body === null) return;
		const { wanted, filter, dryRun } = body;
		const subscribers = options.subscribers().filter(({ id }) => wanted === undefined || wanted.includes(id));
		const unknown = (wanted ?? []).filter((id) => !subscribers.some((subscriber) => subscriber.id === id));
		if (unknown.length > 0)
			return refuse(
				response,
				400,
				unknown.map((id) => `subscriber: "${id}" is not in the subscribers file`),
			);
		const { deliveries, warning } = await replay(store, { ...filter, subscribers, dryRun }, { now: now() });
		response.json({
			...(dryRun ? { matching: deliveries } : { replayed: deliveries }),
			...(warning === null ? {} : { warning }),
		});
	});
	subscriberActions(router, options);
	router.use('/api', (_request, response) => notFound(response));
	return router;
}

function subscriberActions(router: Router, options: AdminOptions): void {
	const { store, now } = options;
	const path = '/api/subscribers/:subscriberId';
	/** The subscriber as the store has it; or null, with 404 already answered. */
	const find = async (subscriberId: string, response: Response) => {
		const row = (await store.browse.subscribers(now())).find((known) => known.subscriberId === subscriberId);
		if (row === undefined) notFound(response);
		return row ?? null;
	};
	/** The same, but only one that is no longer in the file: what waits for the others is theirs. */
	const findRemoved = async (subscriberId: string, response: Response) => {
		const row = await find(subscriberId, response);
		if (row === null || !row.known) return row;
		refuse(response, 409, [`"${subscriberId}" is in the subscribers file: remove it there first, or pause it`]);
		return null;
	};

	router.post(`${path}/pause`, async ({ params: { subscriberId } }, response) => {
		if ((await find(subscriberId, response)) === null) return;
		await store.pause(subscriberId, { reason: 'paused by the operator', now: now() });
		response.json({ paused: subscriberId });
	});
	router.post(`${path}/resume`, async ({ params: { subscriberId } }, response) => {
		if ((await find(subscriberId, response)) === null) return;
		await store.resume(subscriberId);
		response.json({ resumed: subscriberId });
	});
	router.post(`${path}/drop`, async ({ params: { subscriberId } }, response) => {
		if ((await findRemoved(subscriberId, response)) === null) return;
		const { released } = await release(store, { subscriberId, to: null, now: now() });
		response.json({ dropped: released });
	});
	router.post(`${path}/redirect`, async (request, response) => {
		const { subscriberId } = request.params;
		const body = read(redirectSchema, request.body ?? {}, response);
		if (body === null || (await findRemoved(subscriberId, response)) === null) return;
		const to = options.subscribers().find(({ id }) => id === body.to);
		if (to === undefined) return refuse(response, 400, [`to: "${body.to}" is not in the subscribers file`]);
		const { released, left } = await release(store, { subscriberId, to, now: now() });
		response.json({ redirected: released, left });
	});
}

/** Everything the dashboard shows at once, but the list of events. */
async function overview(options: AdminOptions) {
	const { store, activity, attention, names, now } = options;
	const [totals, chart, concerns, subscribers, accounts] = await Promise.all([
		store.browse.totals(now()),
		activity.read(),
		attention.find(),
		subscriberRows(options),
		store.browse.accounts(),
	]);
	return { now: now(), totals, chart, concerns, subscribers, accounts, names: names.read() };
}

/** Those of the file, and removed ones for which something waits. */
async function subscriberRows({ store, subscribers, now }: AdminOptions) {
	const settings = new Map(subscribers().map((subscriber) => [subscriber.id, subscriber]));
	const rows = await store.browse.subscribers(now());
	return rows
		.filter(({ known, pending }) => known || pending > 0)
		.map((row) => ({ ...row, settings: shownSettings(settings.get(row.subscriberId)) }));
}

function shownEvent({ beginning, ...row }: EventRow, names: AccountNames) {
	const { summary, author } = eventText(row.field, beginning);
	// An account's own comment tells its name.
	if (author !== null && author.id === row.accountId && row.accountId !== '')
		names.learn(row.accountId, author.username);
	return { ...row, summary };
}

/** Payloads belong in no cache. */
const noStore: RequestHandler = (_request, response, next) => {
	response.set('cache-control', 'no-store').set('x-content-type-options', 'nosniff');
	next();
};

/** The validated input; or null, with 400 and every problem already answered. */
function read<Schema extends z.ZodType>(schema: Schema, input: unknown, response: Response): z.infer<Schema> | null {
	const reading = schema.safeParse(input);
	if (reading.success) return reading.data;
	refuse(response, 400, describeProblems(reading.error, 'the request'));
	return null;
}

function refuse(response: Response, status: number, problems: readonly string[]): void {
	response.status(status).json({ error: status === 409 ? 'conflict' : 'bad-request', problems });
}

function notFound(response: Response): void {
	response.status(404).json({ error: 'not-found' });
}

/** What may be shown of a subscriber: no secret, no header, and of its URL no query and no long part of the path. */
function shownSettings(subscriber: Subscriber | undefined) {
	if (subscriber === undefined) return null;
	const { mode, success, concurrency, ratePerSecond, order, objects, fields, accounts, timeoutMs } = subscriber;
	const { origin, pathname } = new URL(subscriber.url);
	// The path of an n8n webhook is a secret of its own: anyone who knows it can start the workflow.
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
	};
}
