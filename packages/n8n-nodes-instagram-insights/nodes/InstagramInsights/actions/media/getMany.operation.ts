import { accountParameter } from '../../../panel/account';
import { includeInsightsParameter, mediaMetricsFaces, metricsParameters } from '../../../panel/metrics';
import { fieldsOptions, optionsParameter } from '../../../panel/options';
import { compareWithMedianParameter, mediaComputedParameters } from '../../descriptions/computed';
import { publishedParameters } from '../../descriptions/dateRange';
import {
	filterOptions,
	inFilter,
	readFilter,
	resultCountParameters,
	sortParameters,
} from '../../descriptions/listParameters';
import { outputParameters } from '../../descriptions/output';
import type { Operation } from '../operation';
import { inListing, type Listing, listColumns, listRows } from './mediaList';

const METRICS = mediaMetricsFaces(['FEED', 'REELS'], {
	show: { includeInsights: [true] },
	preselected: ['reach', 'views', 'likes', 'comments', 'saved', 'shares', 'total_interactions'],
});

/** The posts and reels of an account, newest first or sorted by any metric, with their insights. */
export const getMany: Operation = {
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many posts and reels',
	description:
		'Retrieve the posts and reels of an account, newest first or sorted by any metric, each with its caption, link, date, likes and comments and, optionally, its insights such as reach, views and saves',
	builderHint:
		'Use for the latest or best posts and reels with their numbers. Set dateRange, metrics, sortBy and limit here; no Sort or Limit node is needed.',
	fields: [
		accountParameter,
		includeInsightsParameter,
		...metricsParameters(METRICS),
		...mediaComputedParameters(),
		compareWithMedianParameter,
		...publishedParameters(),
		...sortParameters(['FEED', 'REELS']),
		...resultCountParameters,
		...outputParameters,
		optionsParameter([...fieldsOptions('media'), ...filterOptions], { metrics: true }),
	],
	async *run(item) {
		const client = await item.client();
		const filter = readFilter(item);
		let count = 0;
		async function* pages(asked: Listing['asked']) {
			for await (const page of client.media({ ...asked, ...filter }, { signal: item.signal })) {
				count += page.items.length;
				yield page;
			}
		}
		yield* listRows(item, client, pages);
		if (count === 0) item.hint('no-media');
	},
	columns: listColumns,
	inPanel: (problem, item) => inListing(inFilter(problem, item), item),
};
