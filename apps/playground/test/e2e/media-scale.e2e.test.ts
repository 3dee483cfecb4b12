import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, BOTH_LOGINS, NODE_NAME, openBench, traceOf } from './bench.ts';

/** What all posts and reels have, on both hosts. */
const COMMON = ['reach', 'views', 'likes', 'comments', 'saved', 'shares', 'total_interactions', 'reposts'];
const getMany = { resource: 'media', operation: 'getMany', returnAll: true, metrics: COMMON };

describe.each(BOTH_LOGINS)('1,000 media with their common metrics, with %s', (login) => {
	let bench: Bench;
	beforeAll(async () => {
		bench = await openBench({ world: { media: 1000, adShare: 0, beforeConversionShare: 0 } });
	});
	afterAll(() => bench.close());

	test('cost 10 requests, and every number is right', async () => {
		const rows = await bench.rows(login, getMany, { account: 'large' });
		const large = bench.sandbox.world.account('large');
		expect(rows.map(({ id, ...row }) => [id, ...COMMON.map((metric) => row[metric])])).toEqual(
			large.media().map((media) => [media.id, ...COMMON.map((metric) => large.mediaMetric(media, metric))]),
		);
		expect(rows.filter(({ unavailable }) => unavailable !== '')).toEqual([]);
		expect(bench.asked().filter((path) => path.endsWith('/media'))).toHaveLength(10);
		// One more for the account: Facebook Login looks for it first.
		expect(bench.asked()).toHaveLength(11);
	});
});

describe.each(BOTH_LOGINS)('1,000 media of which 60 cannot be read, with %s', (login) => {
	let bench: Bench;
	beforeAll(async () => {
		bench = await openBench({ world: { media: 1000, adShare: 0.01, beforeConversionShare: 0.05 } });
	});
	afterAll(() => bench.close());
	beforeEach(() => bench.sandbox.resetRequests());

	test('all come out, with few extra requests', async () => {
		const run = await bench.runNode(login, getMany, { account: 'large' });
		const rows = run.items(NODE_NAME).map(({ json }) => json);
		const large = bench.sandbox.world.account('large');
		const hasNone = large.media().filter((media) => media.beforeConversion || media.productType === 'AD');
		expect(hasNone.length).toBeGreaterThanOrEqual(59);
		expect(rows.map(({ id }) => id)).toEqual(large.media().map(({ id }) => id));
		expect(rows.filter(({ unavailable }) => unavailable !== '').map(({ id }) => id)).toEqual(
			hasNone.map(({ id }) => id),
		);
		expect(rows.filter((row) => COMMON.some((metric) => row[metric] === 0 && row.unavailable !== ''))).toEqual([]);
		expect(traceOf(run).hints).toContainEqual(expect.stringContaining('before the account became a professional'));
		// One per page, and a few for each ad and for the first post after the conversion.
		expect(bench.asked().length).toBeLessThan(60);
	});
});
