import type { Transport } from '../src/client/ports.ts';
import { allInParallel } from '../src/client/session/in-parallel.ts';
import type { GraphRequest } from '../src/graph/graph-request.ts';
import { listDays } from '../src/query/calendar-day.ts';
import { windowSeconds } from '../src/query/date-range.ts';
import { commonMediaMetrics } from '../src/query/plan-media-metrics.ts';

type Target = { readonly host: GraphRequest['host']; readonly accountId: string; readonly concurrency: number };

async function get(transport: Transport, target: Target, path: string, query: Record<string, string>) {
	const request = { method: 'GET', host: target.host, version: 'v25.0', path, query } as const;
	const { status, text } = await transport.send(request);
	return {
		status,
		body: JSON.parse(text) as { data?: { id: string }[]; paging?: { next?: string; cursors?: { after?: string } } },
	};
}

/**
 * What most connectors, nodes and MCP servers do: list the media 100 a page, then one request for the insights of each.
 *
 * @returns how many media answered
 */
export async function readMediaPerPost(transport: Transport, target: Target): Promise<number> {
	const metric = commonMediaMetrics(target.host).join(',');
	let after: string | undefined;
	let answered = 0;
	do {
		const query = { fields: 'id,media_type,media_product_type,timestamp,permalink,caption', limit: '100' };
		const path = `/${target.accountId}/media`;
		const { body } = await get(transport, target, path, after === undefined ? query : { ...query, after });
		const ask = ({ id }: { id: string }) => get(transport, target, `/${id}/insights`, { metric });
		const answers = await allInParallel(body.data ?? [], target.concurrency, ask);
		answered += answers.filter(({ status }) => status === 200).length;
		after = body.paging?.next === undefined ? undefined : body.paging.cursors?.after;
	} while (after !== undefined);
	return answered;
}

/** One request per metric and day, the way connectors with a stream a metric do. */
export async function readDaysPerMetric(
	transport: Transport,
	target: Target,
	{ metrics, since, until }: { metrics: readonly string[]; since: string; until: string },
): Promise<void> {
	const asks = metrics.flatMap((metric) => listDays(since, until).map((day) => ({ metric, day })));
	await allInParallel(asks, target.concurrency, ({ metric, day }) => {
		const window = windowSeconds({ since: day, until: day });
		const series = metric === 'follower_count' ? {} : { metric_type: 'total_value' };
		return get(transport, target, `/${target.accountId}/insights`, {
			metric,
			period: 'day',
			...series,
			since: String(window.since),
			until: String(window.until),
		});
	});
}
