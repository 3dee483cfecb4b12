import type { RandomSubscriber } from '@instagram-insights/webhook-relay/test/random-subscriber';
import type { PostgresServer } from '../postgres-server.ts';

/** The result of everything that was sent. `lost`: answered 200 and never delivered. */
export async function lossReport(options: {
	server: PostgresServer;
	database: string;
	acknowledged: ReadonlySet<string>;
	subscriber: RandomSubscriber;
}) {
	const { server, database, acknowledged, subscriber } = options;
	const [stored] = await server.query(
		`SELECT count(*)::int AS events, count(DISTINCT value::json ->> 'id')::int AS once FROM relay.event`,
		database,
	);
	return {
		acknowledged: acknowledged.size,
		stored: stored?.events,
		storedOnce: stored?.once,
		delivered: subscriber.seen.size,
		duplicated: subscriber.accepted() - subscriber.seen.size,
		lost: [...acknowledged].filter((id) => !subscriber.seen.has(id)).length,
	};
}
