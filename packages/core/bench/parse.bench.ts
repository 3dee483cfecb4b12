/**
 * How much longer it takes to get from the bytes of media pages to rows than `JSON.parse` takes alone, and whether
 * memory stays flat over many pages. Run: node --expose-gc --conditions=@instagram-insights/source packages/core/bench/parse.bench.ts
 */

import { fieldsOf, MediaAnswer } from '../src/graph/media-answer.ts';
import { readAnswer } from '../src/graph/read-answer.ts';
import { readInsights } from '../src/insight/read-insights.ts';
import { toRows } from '../src/insight/to-rows.ts';
import { mediaMetricSet } from '../src/query/plan-media-metrics.ts';

const METRICS = mediaMetricSet('graph.instagram.com', 'REELS');
const PAGE = 100;

/** A page as long as a live one: every item has Meta's title, description and id beside its value. */
function page(number: number): Uint8Array {
	const data = Array.from({ length: PAGE }, (_, index) => {
		const id = `18${String(number * PAGE + index).padStart(15, '0')}`;
		return {
			id,
			caption: 'A caption of ordinary length with a few words, a #tag and a @mention',
			media_type: 'VIDEO',
			media_product_type: 'REELS',
			permalink: `https://www.instagram.com/reel/${id}/`,
			timestamp: '2026-11-20T08:00:00+0000',
			like_count: index * 3,
			comments_count: index,
			insights: {
				data: METRICS.map((name) => ({
					name,
					period: 'lifetime',
					values: [{ value: index * 7 }],
					title: name,
					description: 'A sentence about what the metric counts, which Meta sends along every time.',
					id: `${id}/insights/${name}/lifetime`,
				})),
			},
		};
	});
	const paging = { cursors: { before: 'QVFIbefore', after: 'QVFIafter' }, next: 'https://graph.instagram.com/next' };
	return new TextEncoder().encode(JSON.stringify({ data, paging }));
}

const decoder = new TextDecoder();

function toRowsOf(bytes: Uint8Array): number {
	const response = { status: 200, headers: {}, text: decoder.decode(bytes) };
	const { data } = readAnswer(response, MediaAnswer, { what: 'media' });
	let rows = 0;
	for (const node of data.data) {
		const insights = readInsights(node.insights?.data ?? [], { metrics: METRICS });
		rows += toRows(insights, { mediaId: fieldsOf(node).id }).length;
	}
	return rows;
}

const milliseconds = (run: () => void): number => {
	const start = performance.now();
	run();
	return performance.now() - start;
};
const median = (values: number[]): number => values.sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;

const pages = Array.from({ length: 1000 / PAGE }, (_, number) => page(number));
const parseAlone = () => {
	for (const bytes of pages) JSON.parse(decoder.decode(bytes));
};
let rows = 0;
const readAll = () => {
	rows = pages.reduce((sum, bytes) => sum + toRowsOf(bytes), 0);
};
for (let warm = 0; warm < 30; warm += 1) {
	parseAlone();
	readAll();
}
// Turn and turn about, so that whatever else the machine does slows both.
const pairs = Array.from({ length: 101 }, () => ({ parse: milliseconds(parseAlone), read: milliseconds(readAll) }));
const parse = median(pairs.map((pair) => pair.parse));
const read = median(pairs.map((pair) => pair.read));
const ratio = median(pairs.map((pair) => pair.read / pair.parse));
const bytes = pages.reduce((sum, one) => sum + one.length, 0);
console.log(`1,000 media x ${METRICS.length} metrics: ${rows} rows from ${bytes} bytes`);
console.log(`JSON.parse alone ${parse.toFixed(1)} ms, bytes to rows ${read.toFixed(1)} ms, ratio ${ratio.toFixed(2)}`);

const heap = () => {
	globalThis.gc?.();
	return process.memoryUsage().heapUsed / 2 ** 20;
};
const before = heap();
for (let number = 0; number < 10_000 / PAGE; number += 1) toRowsOf(page(number));
console.log(
	`heap before ${before.toFixed(1)} MiB, after 10,000 media ${heap().toFixed(1)} MiB${globalThis.gc ? '' : ' (without --expose-gc)'}`,
);
