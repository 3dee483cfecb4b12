// The posts and reels of the last 90 days with their numbers, as posts.csv. An empty cell means that Meta gave no number.
// Run: node --env-file=.env posts-to-csv.ts
import { createWriteStream } from 'node:fs';
import { connect, resolveDateRange } from '@instagram-insights/core';

const { INSTAGRAM_TOKEN: accessToken, INSTAGRAM_BASE_URL: baseUrl, INSTAGRAM_ACCOUNT_ID: accountId } = process.env;
const instagram = connect({ accessToken, baseUrl, accountId });

const metrics = ['reach', 'views', 'likes', 'comments', 'saved', 'shares'];
const fields = ['timestamp', 'media_product_type', 'permalink', 'caption'];
const file = createWriteStream('posts.csv');
const writeLine = (cells: readonly unknown[]) => file.write(`${cells.map(quote).join(',')}\r\n`);

writeLine(['id', ...fields, ...metrics, 'missing']);
let posts = 0;
for await (const page of instagram.media({ fields, metrics, ...resolveDateRange('last90Days', new Date()) })) {
	for (const { media, insights } of page.items) {
		const numbers = insights.map((insight) => (insight.shape === 'total' ? insight.value : null));
		const missing = insights.flatMap((insight) =>
			insight.shape === 'absent' ? `${insight.metric}: ${insight.reason}` : [],
		);
		writeLine([media.id, ...fields.map((field) => media[field]), ...numbers, missing.join('; ')]);
		posts += 1;
	}
}
file.end();
console.log(`${posts} posts in posts.csv`);

/** Quotes every cell; a leading apostrophe keeps spreadsheets from running a caption as a formula. */
function quote(cell: unknown): string {
	const text = String(cell ?? '');
	return `"${(/^[=+\-@]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
