import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { type DeliverOptions, startDeliveries } from './deliver.ts';
import { revisionOf, type Subscriber } from './event.ts';
import { type Observer, observeAll } from './observe.ts';
import { type ReceiveOptions, receiveRoutes } from './receive.ts';
import { routingRule } from './rules.ts';
import type { RoutedSubscriber } from './store.ts';

/**
 * The core of the relay: receive, store, deliver. To read this folder, begin here, then `receive.ts` (Meta's POST),
 * `event.ts` (what is in it, and what goes out), `store.ts` (what must survive), `deliver.ts` and `send.ts` (the way to
 * a subscriber), `rules.ts` (every decision on that way), `observe.ts` (who watches).
 */
export type RelayCoreOptions = Omit<ReceiveOptions & DeliverOptions, 'observer' | 'now'> & {
	readonly observers: readonly Observer[];
	/** everything that is not Meta's: health, metrics, admin API, dashboard */
	readonly more?: readonly RequestHandler[];
	/** in front of every path, such as `/relay`; empty: none */
	readonly basePath?: string;
};

export type RunningCore = {
	readonly app: Express;
	/** Route and deliver to these from now on. */
	use(subscribers: readonly Subscriber[], from?: ListOrigin): Promise<void>;
	/** Stop delivering; see `Deliveries.stop`. */
	stop(patienceMs: number): Promise<void>;
};

/** `waiting`: deliveries to these collect, since their secrets cannot be read; `list`: see `EventStore.route`. */
type ListOrigin = { readonly waiting?: readonly RoutedSubscriber[]; readonly list?: string };

/** Verify, commit, answer 200, fan out, deliver until taken, on one store. Listening is up to the caller. */
export async function startCore(options: RelayCoreOptions): Promise<RunningCore> {
	const { store, clock, holder } = options;
	const observer = observeAll(options.observers);
	const now = () => clock.now().getTime();
	await store.releaseLeases(holder, now());
	const deliveries = startDeliveries({ ...options, observer });

	const app = express();
	app.disable('x-powered-by').disable('etag').set('trust proxy', false);
	// Flat keys: 'hub.mode' must stay one name.
	app.set('query parser', 'simple');
	app.use(options.basePath || '/', receiveRoutes({ ...options, observer, now }), ...(options.more ?? []));
	app.use((_request, response) => {
		observer.see({ kind: 'turned-away', reason: 'path' });
		response.status(404).type('text/plain').send('Not found.');
	});
	app.use(plainErrors((error) => observer.see({ kind: 'failed', during: 'request', error })));
	return {
		app,
		async use(subscribers, { waiting = [], list } = {}) {
			const routed = subscribers.map((one) => ({ ...routingRule(one), revision: revisionOf(one) }));
			await store.route([...routed, ...waiting], list);
			deliveries.use(subscribers);
		},
		stop: deliveries.stop,
	};
}

/** Express's own error page repeats the request; this one repeats nothing. */
function plainErrors(onError: (error: unknown) => void): ErrorRequestHandler {
	return (error, _request, response, next) => {
		const [status, text] =
			error?.status >= 400 && error?.status < 500 ? [error.status, 'Bad request.'] : [500, 'Failed.'];
		if (status === 500) onError(error);
		if (response.headersSent) return next(error);
		response.status(status).type('text/plain').send(text);
	};
}
