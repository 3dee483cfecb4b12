// Last month's report as report.html: the numbers against the month before, reach by day, and the best posts.
// Run: node --env-file=.env report.ts
import { writeFileSync } from 'node:fs';
import {
	compareWithMedian,
	connect,
	type MediaItem,
	rankBy,
	resolveDateRange,
	toRows,
	writeReport,
} from '@instagram-insights/core';

const { INSTAGRAM_TOKEN: accessToken, INSTAGRAM_BASE_URL: baseUrl, INSTAGRAM_ACCOUNT_ID: accountId } = process.env;
const instagram = connect({ accessToken, baseUrl, accountId });

const range = resolveDateRange('lastMonth', new Date());
const account = await instagram.account();
const metrics = ['reach', 'views', 'total_interactions'];
const summary = await instagram.compare({ metrics, ...range, compareWith: 'previousMonth' });
const { insights } = await instagram.accountDaily({ metrics: ['reach'], ...range });
const daily = toRows(insights, { accountId: account.id }).map(({ date, value }) => ({ date, reach: value }));

const posts: MediaItem[] = [];
for await (const page of instagram.media({ metrics: ['views'], ...range })) posts.push(...page.items);
const compared = compareWithMedian(
	posts.map(({ media, insights }) => ({ kind: String(media.media_product_type), insights })),
	['views'],
);
const rows = posts.map(({ media, insights }, index) => {
	const { timestamp, caption, permalink } = media;
	const row: Record<string, string | number | null> = {
		published: String(timestamp),
		caption: String(caption ?? ''),
		permalink: String(permalink),
	};
	const numbers = [...insights, ...(compared[index]?.insights ?? [])];
	for (const { metric, value } of toRows(numbers, { mediaId: media.id })) row[metric] = value;
	return row;
});
const topPosts = rankBy(rows, (row) => row.views, 'desc').slice(0, 5);

const report = writeReport({
	account,
	...range,
	summary,
	daily,
	rankedBy: 'views',
	topPosts,
	posts: posts.length,
	locale: 'en-GB',
});
writeFileSync('report.html', report.html);
console.log(report.subject);
