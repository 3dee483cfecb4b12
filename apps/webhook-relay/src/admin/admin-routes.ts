import express, { type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod/v4';
import type { Subscriber } from '../relay/event.ts';
import { findWarnings } from './account-warnings.ts';
import type { AdminStore } from './admin-store.ts';
import { describeProblems } from './problems.ts';
import { replay } from './replay.ts';
import { requireAdminToken } from './require-admin-token.ts';

export type AdminOptions = {
	readonly store: AdminStore;
	readonly adminToken: string;
	readonly subscribers: () => readonly Subscriber[];
	readonly silenceMs: number;
	readonly now: () => number;
};

const list = z
	.union([z.string(), z.array(z.string())])
	.transform((given) => [given].flat().flatMap((text) => text.split(',')));
const state = z.enum(['pending', 'delivered', 'dead']);
/** ISO 8601, or ms since 1970 */
const time = z.union([z.string(), z.number()]).transform((given, context) => {
	const ms = /^\d{1,15}$/.test(String(given)) ? Number(given) : Date.parse(String(given));
	if (Number.isNaN(ms)) context.addIssue({ code: 'custom', message: 'is no time: use ISO 8601' });
	return ms;
});
const oneOrMany = z
	.union([z.string(), z.array(z.string()).min(1).max(10_000)])
	.transform((given) => [given].flat())
	.optional();
const page = {
	before: z.coerce.number().int().positive().optional(),
	limit: z.coerce.number().int().min(1).max(500).default(50),
};

const eventsQuery = z.strictObject({
	field: list.optional(),
	account: list.optional(),
	state: state.optional(),
	subscriber: z.string().optional(),
	search: z.string().min(1).max(200).optional(),
	since: time.optional(),
	until: time.optional(),
	...page,
});
const deliveriesQuery = z.strictObject({ state: state.optional(), subscriber: z.string().optional(), ...page });
/** Each filter takes one or many, under its name in the singular or the plural. */
const replayBody = z
	.strictObject({
		/** of the subscribers file; left out for all in it */
		subscriber: oneOrMany,
		subscribers: oneOrMany,
		id: oneOrMany,
		ids: oneOrMany,
		field: oneOrMany,
		fields: oneOrMany,
		account: oneOrMany,
		accounts: oneOrMany,
		since: time.optional(),
		until: time.optional(),
		state: z.enum(['dead', 'delivered']).optional(),
	})
	.transform((body) => ({
		wanted: body.subscribers ?? body.subscriber,
		eventIds: body.ids ?? body.id,
		fields: body.fields ?? body.field,
		accounts: body.accounts ?? body.account,
		since: body.since,
		until: body.until,
		state: body.state,
	}))
	.refine(
		(filters) => Object.values(filters).some((filter) => filter !== undefined),
		'name at least one of ids, field, account, since, until, state, subscriber',
	);

/** The admin API under `/api`. Everything needs the admin token. */
export function adminRoutes(options: AdminOptions): Router {
	const { store, now } = options;
	const router = Router();
	// Nothing but JSON is taken, so its content type is not asked for.
	router.use('/api', noStore, requireAdminToken(options.adminToken), express.json({ limit: '1mb', type: () => true }));

	router.get('/api/totals', async (_request, response) => {
		response.json({ ...(await store.browse.totals(now())), now: now() });
	});
	router.get('/api/events', async (request, response) => {
		const query = read(eventsQuery, request.query, response);
		if (query === null) return;
		const { field: fields, account: accounts, subscriber: subscriberId, ...rest } = query;
		response.json(await store.browse.events({ fields, accounts, subscriberId, ...rest }));
	});
	router.get('/api/events/:eventId', async (request, response) => {
		const detail = await store.browse.event(request.params.eventId);
		if (detail === null) return notFound(response);
		const { value, ...event } = detail.event;
		response.json({ ...detail, event: { ...event, value: JSON.parse(value) } });
	});
	router.get('/api/deliveries', async (request, response) => {
		const query = read(deliveriesQuery, request.query, response);
		if (query === null) return;
		const { subscriber: subscriberId, ...rest } = query;
		response.json(await store.browse.deliveries({ subscriberId, ...rest }));
	});
	router.get('/api/accounts', async (_request, response) => {
		const rows = await store.browse.accounts();
		response.json({ rows, warnings: findWarnings(rows, { now: now(), silenceMs: options.silenceMs }) });
	});
	router.get('/api/subscribers', async (_request, response) => {
		const settings = new Map(options.subscribers().map((subscriber) => [subscriber.id, subscriber]));
		const rows = await store.browse.subscribers(now());
		response.json({
			rows: rows.map((row) => ({ ...row, settings: shownSettings(settings.get(row.subscriberId)) })),
			now: now(),
		});
	});
	router.post('/api/subscribers/:subscriberId/pause', async (request, response) => {
		const { subscriberId } = request.params;
		if (!(await isKnown(options, subscriberId))) return notFound(response);
		await store.pause(subscriberId, { reason: 'paused by the operator', now: now() });
		response.json({ paused: subscriberId });
	});
	router.post('/api/subscribers/:subscriberId/resume', async (request, response) => {
		const { subscriberId } = request.params;
		if (!(await isKnown(options, subscriberId))) return notFound(response);
		await store.resume(subscriberId);
		response.json({ resumed: subscriberId });
	});
	router.post('/api/replay', async (request, response) => {
		const body = read(replayBody, request.body ?? {}, response);
		if (body === null) return;
		const { wanted, ...filters } = body;
		const subscribers = options.subscribers().filter(({ id }) => wanted === undefined || wanted.includes(id));
		const unknown = (wanted ?? []).filter((id) => !subscribers.some((subscriber) => subscriber.id === id));
		if (unknown.length > 0) {
			response.status(400).json({
				error: 'bad-request',
				problems: unknown.map((id) => `subscriber: "${id}" is not in the subscribers file`),
			});
			return;
		}
		response.json({ replayed: await replay(store, { ...filters, subscribers }, { now: now() }) });
	});
	router.use('/api', (_request, response) => notFound(response));
	return router;
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
	response.status(400).json({ error: 'bad-request', problems: describeProblems(reading.error, 'the request') });
	return null;
}

function notFound(response: Response): void {
	response.status(404).json({ error: 'not-found' });
}

async function isKnown({ store, now }: AdminOptions, subscriberId: string): Promise<boolean> {
	return (await store.browse.subscribers(now())).some((row) => row.subscriberId === subscriberId);
}

/** What may be shown of a subscriber: no secret, no header, and of its URL no query and no path beyond the first part. */
function shownSettings(subscriber: Subscriber | undefined) {
	if (subscriber === undefined) return null;
	const { mode, success, concurrency, ratePerSecond, order, fields, accounts, timeoutMs } = subscriber;
	return {
		...{ mode, success, concurrency, ratePerSecond, order, fields, accounts, timeoutMs },
		origin: new URL(subscriber.url).origin,
		hasTestUrl: subscriber.testUrl !== null,
		secrets: subscriber.secrets.length,
	};
}
