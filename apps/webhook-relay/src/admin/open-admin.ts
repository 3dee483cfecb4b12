import { type RequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import type { Happening, Observer } from '../relay/observe.ts';
import type { EventStore } from '../relay/store.ts';
import { createAccountNames } from './account-names.ts';
import { createActivity } from './activity.ts';
import { adminRoutes } from './admin-routes.ts';
import { type NotStored, watchAttention } from './attention.ts';
import { dashboardRoutes } from './dashboard-routes.ts';
import { startHousekeeping } from './housekeeping.ts';
import { storeFields } from './log-observer.ts';
import { createMetrics } from './relay-metrics.ts';
import { requireAdminToken } from './require-admin-token.ts';
import type { SubscriberRoutesOptions } from './subscriber-routes.ts';

export type OpenAdminOptions = SubscriberRoutesOptions & {
	readonly log: Logger;
	/** of all subscribers, also of those that cannot be delivered to now */
	readonly knownSubscribers: () => readonly string[];
	readonly isDraining: () => boolean;
	/** called with what the admin side notices: wrong tokens */
	readonly see: (happening: Happening) => void;
	/** asks Graph for ids and names of the configured accounts */
	readonly identify: () => Promise<readonly { id: string; username: string }[]>;
	/** undefined: no admin API, no dashboard */
	readonly adminToken: string | undefined;
	/** names of the app secrets */
	readonly secretNames: readonly string[];
	readonly maxBytes: number | null;
	readonly silenceMs: number;
	readonly retentionMs: number;
	readonly dedupMs: number;
};

export type Admin = {
	readonly observers: readonly Observer[];
	readonly routes: readonly RequestHandler[];
	/** Begin retention and warnings. */
	start(): void;
	stop(): Promise<void>;
};

const SAVE_EVERY_MS = 15_000;
/** A delivery that waits longer needs attention. */
const WAITING_MS = 10 * 60_000;

/** Everything people use to operate the relay: health, metrics, admin API, dashboard, retention and warnings. */
export function openAdmin(options: OpenAdminOptions): Admin {
	const { store, clock, log, knownSubscribers, adminToken: token } = options;
	const { silenceMs, retentionMs, dedupMs, maxBytes } = options;
	const now = () => clock.now().getTime();
	const checked = { browse: store.browse, check: oneAtATime(() => store.check()) };
	const metrics = createMetrics({ store: checked, clock, knownSubscribers, secretNames: options.secretNames });
	const activity = createActivity(store, now);
	const storing = watchStoring(now);
	const watched = { silenceMs, retentionMs, waitingMs: WAITING_MS, maxBytes, notStored: storing.failing, now };
	const attention = watchAttention(store, watched);
	const health = {
		store: checked,
		metrics,
		isDraining: options.isDraining,
		isStoring: () => storing.failing() === null,
	};
	const routes: RequestHandler[] = [healthRoutes(health)];
	if (token !== undefined) {
		const onRefused = () => options.see({ kind: 'turned-away', reason: 'admin-token' });
		const guard = requireAdminToken({ token, clock, onRefused });
		const names = createAccountNames(options.identify, now);
		routes.push(adminRoutes({ ...options, guard, activity, attention, names }), dashboardRoutes());
		if (token.length < 16) {
			log.warn('RELAY_ADMIN_TOKEN is short: anyone who guesses it can read every event. Use 16 characters or more');
		}
	}
	const halt = new AbortController();
	let housekeeping: ReturnType<typeof startHousekeeping> | null = null;

	const save = () => activity.save().catch((error) => log.debug(storeFields(error), 'counts for the charts not saved'));
	async function saveNowAndThen(): Promise<void> {
		while (!halt.signal.aborted) {
			await clock.sleep(SAVE_EVERY_MS, halt.signal).catch(() => {});
			await save();
		}
	}
	let saving: Promise<void> = Promise.resolve();

	return {
		observers: [metrics, activity, storing],
		routes,
		start() {
			const concerns = async () => (await attention.look()).concerns.filter(({ kind }) => LOGGED.has(kind));
			housekeeping = startHousekeeping({ store, clock, log, retentionMs, dedupMs, knownSubscribers, concerns });
			saving = saveNowAndThen();
		},
		async stop() {
			halt.abort();
			await housekeeping?.stop();
			await saving;
			await save();
		},
	};
}

/** Concerns to log here: the others are logged when they happen. */
const LOGGED = new Set(['silent', 'standby', 'size', 'removed']);

/** So long after the last failure, a relay that gets no webhooks because it is not ready gets another try. */
const RETRY_MS = 60_000;

/** Whether webhooks are stored, by the last one: a disk may have room for a check and none for an event. */
export function watchStoring(now: () => number): Observer & { failing(): NotStored | null } {
	let last: (NotStored & { readonly at: number }) | null = null;
	return {
		see(happening) {
			if (happening.kind === 'stored') last = null;
			else if (happening.kind === 'not-stored') {
				const at = now();
				last = { since: last?.since ?? at, reason: storeFields(happening.error).kind, at };
			}
		},
		failing: () => (last === null || now() - last.at > RETRY_MS ? null : last),
	};
}

/** Calls made while one is running share its result. Anyone can ask `/readyz`, and each check takes a turn of the store. */
export function oneAtATime<Result>(work: () => Promise<Result>): () => Promise<Result> {
	let running: Promise<Result> | null = null;
	return () => {
		running ??= work().finally(() => {
			running = null;
		});
		return running;
	};
}

type HealthOptions = {
	readonly isStoring: () => boolean;
	readonly store: Pick<EventStore, 'check'>;
	readonly metrics: { readonly contentType: string; scrape(): Promise<string> };
	readonly isDraining: () => boolean;
};

/** `/healthz`: the process answers. `/readyz`: it stores events and is not stopping. `/metrics`: for Prometheus. */
function healthRoutes({ store, metrics, isDraining, isStoring }: HealthOptions): Router {
	const router = Router();
	router.get('/healthz', (_request, response) => {
		response.json({ status: 'ok' });
	});
	router.get('/readyz', async (_request, response) => {
		if (isDraining()) {
			response.status(503).json({ status: 'draining' });
			return;
		}
		try {
			await store.check();
			if (isStoring()) return void response.json({ status: 'ready' });
		} catch {
			// Answered below.
		}
		response.status(503).json({ status: 'store-failing' });
	});
	router.get('/metrics', async (_request, response) => {
		response.type(metrics.contentType).send(await metrics.scrape());
	});
	return router;
}
