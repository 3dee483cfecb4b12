import type { INodeProperties } from 'n8n-workflow';
import { accountParameter } from '../../descriptions/account';
import { fieldsOptions, readFields } from '../../descriptions/fields';
import { includeInsightsParameter } from '../../descriptions/includeInsights';
import { mediaMetricsFaces } from '../../descriptions/mediaMetricsFaces';
import { metricsParameters, readNames } from '../../descriptions/metrics';
import { optionsParameter } from '../../descriptions/options';
import { readLimit, resultCountParameters } from '../../descriptions/resultCount';
import { simplifyParameter } from '../../descriptions/simplify';
import { mediaRow } from '../../output/mediaRow';
import { rawMediaRows } from '../../output/rawMediaRows';
import { reasonHints } from '../../output/reasonHints';
import type { Operation } from '../operation';
import { publishedParameters, readPublished } from './published';

const METRICS = mediaMetricsFaces(['FEED', 'REELS'], {
	show: { includeInsights: [true] },
	preselected: ['reach', 'views', 'likes', 'comments', 'saved', 'shares', 'total_interactions'],
});

const productTypesOption: INodeProperties = {
	displayName: 'Product Types',
	name: 'productTypes',
	type: 'multiOptions',
	options: [
		{ name: 'Posts', value: 'FEED', description: 'Photos, albums and older videos' },
		{ name: 'Reels', value: 'REELS' },
	],
	default: [],
	description: 'Only return media of these kinds',
};

/** The posts and reels of an account, newest first, each with its numbers. */
export const getMany: Operation = {
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many media',
	description:
		'Retrieve the posts and reels of an account, newest first, each with its caption, link, date, likes and comments and, if wanted, its insights such as reach, views and saves',
	fields: [
		accountParameter,
		includeInsightsParameter,
		...metricsParameters(METRICS),
		...resultCountParameters,
		simplifyParameter,
		optionsParameter([...fieldsOptions('media'), productTypesOption, ...publishedParameters], { metrics: true }),
	],
	async *run(item) {
		const metrics = item.parameter('includeInsights', true) === false ? [] : readNames(item.parameter('metrics', []));
		const client = await item.client();
		const pages = client.media(
			{
				metrics,
				fields: readFields(item.options.fields),
				productTypes: readProductTypes(item.options.productTypes),
				limit: readLimit(item),
				...readPublished(item),
			},
			{ signal: item.signal },
		);
		for await (const { items, raw } of pages) {
			for (const { insights } of items) for (const id of reasonHints(insights)) item.hint(id);
			yield* item.simplify
				? items.map(mediaRow)
				: rawMediaRows(
						raw,
						items.map(({ media }) => media.id),
					);
		}
		if (metrics.includes('comments')) item.hint('comments-without-ads');
	},
};

function readProductTypes(value: unknown): string[] | undefined {
	const types = readNames(value).map((type) => type.toUpperCase());
	return types.length === 0 ? undefined : types;
}
