import { Router } from 'express';
import type { EventStore } from '../relay/store.ts';

export type HealthOptions = {
	readonly store: Pick<EventStore, 'check'>;
	readonly metrics: { readonly contentType: string; scrape(): Promise<string> };
	readonly isDraining: () => boolean;
};

/** `/healthz`: the process answers. `/readyz`: it can store, and is not about to stop. `/metrics`: for Prometheus. */
export function healthRoutes({ store, metrics, isDraining }: HealthOptions): Router {
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
			response.json({ status: 'ready' });
		} catch {
			response.status(503).json({ status: 'store-failing' });
		}
	});
	router.get('/metrics', async (_request, response) => {
		response.type(metrics.contentType).send(await metrics.scrape());
	});
	return router;
}
