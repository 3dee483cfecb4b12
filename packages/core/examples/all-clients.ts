// One row for each account that a user or System User token (Facebook Login) reaches. An account that Meta refuses does not stop
// the others.
// Run: node --env-file=.env all-clients.ts
import { connect, isInsightsError, resolveDateRange, toRows } from '@instagram-insights/core';

const { INSTAGRAM_TOKEN: accessToken, INSTAGRAM_BASE_URL: baseUrl } = process.env;
const instagram = connect({ accessToken, baseUrl });

const query = { metrics: ['reach', 'views', 'total_interactions'], ...resolveDateRange('last28Days', new Date()) };
const table = [];
for (const account of await instagram.accounts()) {
	try {
		const { insights } = await instagram.forAccount(account).accountTotals(query);
		const rows = toRows(insights, { accountId: account.id });
		table.push({ account: account.username, ...Object.fromEntries(rows.map((row) => [row.metric, row.value])) });
	} catch (error) {
		if (!isInsightsError(error)) throw error;
		table.push({ account: account.username, error: `${error.message} ${error.advice}` });
	}
}
console.log(`${table.length} accounts, ${query.since} to ${query.until}`);
console.table(table);
