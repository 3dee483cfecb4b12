// The account's last 28 days against the 28 days before.
// Run: node --env-file=.env account-numbers.ts
import { connect, resolveDateRange } from '@instagram-insights/core';

const { INSTAGRAM_TOKEN: accessToken, INSTAGRAM_BASE_URL: baseUrl, INSTAGRAM_ACCOUNT_ID: accountId } = process.env;
const instagram = connect({ accessToken, baseUrl, accountId });

const range = resolveDateRange('last28Days', new Date());
const metrics = ['reach', 'views', 'accounts_engaged', 'total_interactions'];
const rows = await instagram.compare({ metrics, ...range, compareWith: 'previousPeriod' });

const { username } = await instagram.account();
console.log(`@${username}, ${range.since} to ${range.until}`);
for (const { metric, current, previous, changePercent, reason } of rows) {
	const change = changePercent === null ? (reason ?? 'from 0') : `${changePercent > 0 ? '+' : ''}${changePercent} %`;
	console.log(`${metric.padEnd(20)} ${String(current ?? '–').padStart(10)}  before ${previous ?? '–'} (${change})`);
}
