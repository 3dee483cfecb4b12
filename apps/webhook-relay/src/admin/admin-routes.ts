import { WEBHOOK_FIELDS } from '@instagram-insights/core/webhook';
import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { z } from 'zod/v4';
import { StoreError } from '../relay/store.ts';
import type { AccountNames } from './account-names.ts';
import type { Activity } from './activity.ts';
import type { EventRow, SubscriberRow } from './admin-store.ts';
import type { Attention } from './attention.ts';
import { deliveriesQuerySchema, eventsQuerySchema, findEvents, replayBodySchema } from './event-query.ts';
import { eventText } from './event-text.ts';
import { Refusal, read, unknownSubscriber } from './problems.ts';
import { replay } from './replay.ts';
import { type SubscriberRoutesOptions, shownSettings, subscriberRoutes } from './subscriber-routes.ts';

export type AdminOptions = SubscriberRoutesOptions & {
	/** passes a request on, or answers it */
	readonly guard: RequestHandler;
	readonly activity: Activity;
	readonly attention: Attention;
	readonly names: AccountNames;
};

/** A search stops after this time and answers with what it found. */
const SEARCH_MS = 1500;

const dismissSchema = z.strictObject({ kind: z.enum(['silent', 'standby']), subject: z.string().min(1).max(100) });

/** The admin API under `/api`. Everything needs the admin token. */
export function adminRoutes(options: AdminOptions): Router {
	const { store, names } = options;
	const now = () => options.clock.now().getTime();
	const router = Router();
	// Only JSON is accepted, whatever the content type says.
	router.use('/api', noStore, options.guard, express.json({ limit: '1mb', type: () => true }));

	router.get('/api/overview', async (_request, response) => {
		response.json(await overview(options));
	});
	router.get('/api/totals', async (_request, response) => {
		response.json({ ...(await store.browse.totals(now())), now: now() });
	});
	router.get('/api/events', async (request, response) => {
		const {
			field: fields,
			account: accounts,
			subscriber: subscriberId,
			...rest
		} = read(eventsQuerySchema, request.query);
		const startedAt = performance.now();
		const isLate = () => performance.now() - startedAt > SEARCH_MS;
		const page = await findEvents(store.browse, { fields, accounts, subscriberId, ...rest }, isLate);
		response.json({ ...page, rows: page.rows.map((row) => shownEvent(row, names)) });
	});
	router.get('/api/events/:eventId', async (request, response) => {
		const detail = await store.browse.event(request.params.eventId);
		if (detail === null) throw new Refusal(404, ['this event is unknown, or it was removed after retention']);
		const { value, beginning: _, ...event } = detail.event;
		const rest = JSON.stringify({ ...event, valueText: value });
		// Meta's own text: parsing and serializing it again would lose digits.
		response
			.type('json')
			.send(`{"event":${rest.slice(0, -1)},"value":${value}},"deliveries":${JSON.stringify(detail.deliveries)}}`);
	});
	router.get('/api/deliveries', async (request, response) => {
		const { subscriber: subscriberId, ...rest } = read(deliveriesQuerySchema, request.query);
		response.json(await store.browse.deliveries({ subscriberId, ...rest }));
	});
	router.get('/api/accounts', async (_request, response) => {
		const { concerns, accounts: rows } = await options.attention.look();
		const warnings = concerns.filter(({ kind }) => kind === 'silent' || kind === 'standby');
		response.json({ rows, names: names.read(), warnings });
	});
	router.get('/api/subscribers', async (_request, response) => {
		const rows = await store.browse.subscribers(now());
		response.json({ rows: shownSubscribers(rows, options), now: now() });
	});
	router.get('/api/fields', (_request, response) => {
		const fields = Object.entries(WEBHOOK_FIELDS);
		response.json({ rows: fields.map(([field, { title, meaning }]) => ({ field, title, meaning })) });
	});
	router.post('/api/concerns/dismiss', async (request, response) => {
		const concern = read(dismissSchema, request.body);
		await options.attention.dismiss(concern);
		response.json({ dismissed: `${concern.kind} ${concern.subject}` });
	});
	router.post('/api/replay', async (request, response) => {
		const { wanted, filter, dryRun } = read(replayBodySchema, request.body);
		const known = options.subscribers();
		const ids = known.map(({ id }) => id);
		const unknown = (wanted ?? []).filter((id) => !ids.includes(id));
		const problems = unknown.map((id) => `subscriber: ${unknownSubscriber(id, ids)}`);
		if (problems.length > 0) throw new Refusal(400, problems);
		const subscribers = known.filter(({ id }) => wanted === undefined || wanted.includes(id));
		const { deliveries, warning } = await replay(store, { ...filter, subscribers, dryRun }, { now: now() });
		response.json({
			...(dryRun ? { matching: deliveries } : { replayed: deliveries }),
			...(warning === null ? {} : { warning }),
		});
	});
	router.use(subscriberRoutes(options));
	router.use('/api', (_request, response) => {
		response.status(404).json({ error: 'not-found' });
	});
	router.use('/api', answerErrors);
	return router;
}

/** Everything the dashboard shows, except the list of events. */
async function overview(options: AdminOptions) {
	const { store, activity, attention, names } = options;
	const now = options.clock.now().getTime();
	const [totals, chart, { concerns, subscribers, accounts }] = await Promise.all([
		store.browse.totals(now),
		activity.read(),
		attention.look(),
	]);
	const shown = { subscribers: shownSubscribers(subscribers, options), accounts, names: names.read() };
	return { now, totals, chart, concerns, ...shown };
}

/** All subscribers, and removed ones that still have waiting deliveries. */
function shownSubscribers(rows: readonly SubscriberRow[], { subscribers, idsInFile }: AdminOptions) {
	const settings = new Map(subscribers().map((subscriber) => [subscriber.id, subscriber]));
	return rows
		.filter(({ known, pending }) => known || pending > 0)
		.map(({ subscriberId, ...row }) => ({
			...{ subscriberId, ...row, settings: shownSettings(settings.get(subscriberId)) },
			/** a subscriber of the file can only be changed there */
			isInFile: idsInFile().includes(subscriberId),
		}));
}

function shownEvent({ beginning, ...row }: EventRow, names: AccountNames) {
	const { summary, author } = eventText(row.field, beginning);
	// An account's own comment contains its name.
	if (author !== null && author.id === row.accountId && row.accountId !== '')
		names.learn(row.accountId, author.username);
	return { ...row, summary };
}

/** Payloads must not be cached. */
const noStore: RequestHandler = (_request, response, next) => {
	response.set('cache-control', 'no-store').set('x-content-type-options', 'nosniff');
	next();
};

/** A store that is away is not the fault of the request, so the caller can try again. */
const answerErrors: ErrorRequestHandler = (error, _request, response, next) => {
	if (error?.type === 'entity.parse.failed') {
		response.status(400).json({ error: 'bad-request', problems: ['the body is not JSON; correct it'] });
	} else if (error instanceof Refusal) response.status(error.status).json(error.answer);
	else if (error instanceof StoreError) {
		const problems = [`The store failed (${error.kind}). Try again in a moment.`];
		response.status(503).json({ error: 'store', problems });
	} else next(error);
};
