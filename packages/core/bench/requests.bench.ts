/**
 * How many requests, and calls as Meta counts them, each question costs, beside a client that asks once per post and
 * once per metric and day, against the same sandbox in the same run; and how long both take when every answer takes
 * 300 ms.
 *
 * Run: node --expose-gc --conditions=@instagram-insights/source packages/core/bench/requests.bench.ts
 * `--fast` leaves the timed part out.
 */

import { ACCOUNT_METRICS } from '../src/catalog/account-metric.ts';
import type { Breakdown } from '../src/catalog/breakdown.ts';
import type { AccountMetricRow } from '../src/catalog/metric-row.ts';
import type { InsightsClient } from '../src/client/insights-client.ts';
import { addDays } from '../src/query/calendar-day.ts';
import { commonMediaMetrics, mediaMetricSet } from '../src/query/plan-media-metrics.ts';
import { type Cost, costOf, FAULTS, HOSTS, type Stand, table, withStand, worldOf } from './bench-stand.ts';
import { readDaysPerMetric, readMediaPerPost } from './per-post-client.ts';

const timed = !process.argv.includes('--fast');
const metricsWhere = (holds: (row: AccountMetricRow) => boolean) =>
	Object.entries<AccountMetricRow>(ACCOUNT_METRICS).flatMap(([name, row]) => (row.offered && holds(row) ? name : []));
const TOTALS = metricsWhere(({ valueShape }) => valueShape === 'total_value');
const BREAKDOWNS: readonly Breakdown[] = ['follow_type', 'media_product_type', 'contact_button_type'];
const YESTERDAY = '2026-07-14';
const lastDays = (days: number) => ({ since: addDays(YESTERDAY, 1 - days), until: YESTERDAY });

async function readMedia(client: InsightsClient, metrics: readonly string[]): Promise<number> {
	let items = 0;
	for await (const page of client.media({ metrics })) items += page.items.length;
	return items;
}

const ratio = (theirs: Cost, ours: Cost) => `1/${(theirs.requests / ours.requests).toFixed(1)}`;
const seconds = ({ seconds: value }: Cost) => value.toFixed(1);

async function mediaRequests(): Promise<string> {
	const rows: (string | number)[][] = [];
	for (const host of HOSTS) {
		const common = commonMediaMetrics(host);
		for (const count of [100, 1000]) {
			for (const faults of FAULTS) {
				await withStand(host, { world: worldOf(count, faults) }, async (stand) => {
					const theirs = await costOf(stand, () => readMediaPerPost(stand.transport, stand.target));
					const ours = await costOf(stand, () => readMedia(stand.client(), common));
					const listed = await costOf(stand, () => readMedia(stand.client({ listFirst: true }), common));
					rows.push([
						host,
						faults,
						count,
						theirs.requests,
						ours.requests,
						ours.calls,
						ratio(theirs, ours),
						listed.requests,
					]);
				});
			}
		}
	}
	return table(
		['host', 'faults', 'media', 'per-post client', 'requests', 'Meta calls', 'share', 'requests, listing first'],
		rows,
	);
}

/** Every metric a post or reel can have without having to go alone: nested what is common, the rest in batches or one by one. */
async function allMetricRequests(): Promise<string> {
	const rows: (string | number)[][] = [];
	for (const host of HOSTS) {
		const metrics = [...new Set([...mediaMetricSet(host, 'FEED'), ...mediaMetricSet(host, 'REELS')])];
		for (const count of [100, 1000]) {
			await withStand(host, { world: worldOf(count, 'none') }, async (stand) => {
				const ours = await costOf(stand, () => readMedia(stand.client(), metrics));
				rows.push([host, metrics.length, count, ours.requests, ours.calls]);
			});
		}
	}
	return table(['host', 'metrics', 'media', 'requests', 'Meta calls'], rows);
}

async function readEverythingOfTheAccount(client: InsightsClient, days: number): Promise<void> {
	const range = lastDays(days);
	await client.accountTotals({ metrics: TOTALS, ...range });
	for (const breakdown of BREAKDOWNS) {
		const metrics = metricsWhere(({ breakdowns }) => breakdowns.includes(breakdown));
		await client.accountTotals({ metrics, breakdown, ...range });
	}
	await client.audience({
		metrics: ['follower_demographics', 'engaged_audience_demographics'],
		breakdown: ['age', 'city', 'country', 'gender'],
	});
	await client.onlineFollowers(lastDays(30));
}

async function readEveryDay(client: InsightsClient, days: number): Promise<void> {
	await client.accountDaily({ metrics: TOTALS, ...lastDays(days) });
	await client.accountDaily({ metrics: ['follower_count'], ...lastDays(30) });
}

async function readEveryDayPerMetric(stand: Stand, days: number): Promise<void> {
	await readDaysPerMetric(stand.transport, stand.target, { metrics: TOTALS, ...lastDays(days) });
	await readDaysPerMetric(stand.transport, stand.target, { metrics: ['follower_count'], ...lastDays(30) });
}

async function accountRequests(): Promise<string> {
	const rows: (string | number)[][] = [];
	for (const host of HOSTS) {
		for (const days of [30, 90]) {
			await withStand(host, { world: worldOf(100, 'none') }, async (stand) => {
				const totals = await costOf(stand, () => stand.client().accountTotals({ metrics: TOTALS, ...lastDays(days) }));
				const all = await costOf(stand, () => readEverythingOfTheAccount(stand.client(), days));
				const daily = await costOf(stand, () => readEveryDay(stand.client(), days));
				const theirs = await costOf(stand, () => readEveryDayPerMetric(stand, days));
				rows.push([host, days, totals.requests, all.requests, daily.requests, theirs.requests, ratio(theirs, daily)]);
			});
		}
	}
	return table(
		[
			'host',
			'days',
			'13 totals',
			'totals, breakdowns, audience, hours',
			'14 metrics daily',
			'per metric and day',
			'share',
		],
		rows,
	);
}

async function wallTime(): Promise<string> {
	const rows: (string | number)[][] = [];
	for (const host of HOSTS) {
		const common = commonMediaMetrics(host);
		for (const count of [100, 1000]) {
			for (const faults of FAULTS) {
				await withStand(host, { world: worldOf(count, faults), latencyMs: 300 }, async (stand) => {
					const ours = await costOf(stand, () => readMedia(stand.client(), common));
					// Faults cost the per-post client no time of their own: it is timed once.
					const theirs =
						faults === 'none' ? await costOf(stand, () => readMediaPerPost(stand.transport, stand.target)) : null;
					rows.push([host, `${count} media`, faults, theirs ? seconds(theirs) : '', seconds(ours)]);
				});
			}
		}
		for (const days of [30, 90]) {
			await withStand(host, { world: worldOf(100, 'none'), latencyMs: 300 }, async (stand) => {
				const daily = await costOf(stand, () => readEveryDay(stand.client(), days));
				rows.push([host, `${days} days, 14 metrics daily`, 'none', '', seconds(daily)]);
			});
		}
	}
	return table(['host', 'question', 'faults', 'per-post client, s', 'core, s'], rows);
}

/** Heap in use after every 2,000 of 10,000 media, once the sandbox has made up all its numbers. */
async function heap(): Promise<string> {
	const megabytes = () => {
		globalThis.gc?.();
		return (process.memoryUsage().heapUsed / 1024 / 1024).toFixed(1);
	};
	return withStand('graph.instagram.com', { world: worldOf(10_000, 'none') }, async (stand) => {
		const metrics = commonMediaMetrics('graph.instagram.com');
		await readMedia(stand.client(), metrics);
		const seen: (string | number)[][] = [];
		let items = 0;
		for await (const page of stand.client().media({ metrics })) {
			items += page.items.length;
			if (items % 2000 === 0) seen.push(['graph.instagram.com', items, megabytes()]);
		}
		return table(['host', 'media read', 'heap, MiB'], seen);
	});
}

console.log('### Media with their common metrics\n');
console.log(await mediaRequests());
console.log('\n### Media with every metric of posts and reels (but those that must go alone)\n');
console.log(await allMetricRequests());
console.log('\n### Account\n');
console.log(await accountRequests());
console.log('\n### Memory\n');
console.log(await heap());
if (timed) {
	console.log('\n### Wall time, 300 ms an answer, 4 requests at once\n');
	console.log(await wallTime());
}
