import { GRAPH_ERROR_CODES, type GraphErrorKind, type GraphErrorRow } from '../src/catalog/graph-error-code.ts';
import { DEFAULT_GRAPH_VERSION, GRAPH_VERSIONS, VERSION_BEHAVIOUR } from '../src/catalog/graph-version.ts';
import { HOSTS, type Host, type HostRow } from '../src/catalog/host.ts';
import { LIMITS } from '../src/catalog/limit.ts';
import { TOKEN_ENDPOINTS, type TokenEndpointsRow } from '../src/catalog/token-endpoint.ts';
import { markdownTable } from './markdown-table.ts';

const code = (name: string) => `\`${name}\``;
const codes = (names: readonly string[]) => (names.length === 0 ? '–' : names.map(code).join(', '));

/** The two hosts side by side: logins, permissions, tokens, what each can do. */
export function hostsSection(): string {
	const hosts = Object.keys(HOSTS) as Host[];
	const line = (head: string, cell: (host: HostRow, tokens: TokenEndpointsRow) => string) => [
		head,
		...hosts.map((host) => cell(HOSTS[host], TOKEN_ENDPOINTS[host])),
	];
	const rows = [
		line('Product', (host) => host.title),
		line('Login', (host) => host.loginName),
		line('Tokens begin with', (host) => codes(host.tokenPrefixes)),
		line('Permissions for insights', (host) => codes(host.permissions.insights)),
		line('To list posts', ({ permissions }) =>
			permissions.mediaOneOf.length === 0
				? codes(permissions.media)
				: `${codes(permissions.media)} and one of ${codes(permissions.mediaOneOf)}`,
		),
		line('To find the account', (host) => codes(host.permissions.discovery)),
		line('When the role comes from Business Manager', (host) => codes(host.permissions.viaBusinessManager)),
		line('A long-lived token lives', (_host, tokens) => `${tokens.longLivedDays} days`),
		line('Refresh', (_host, { refresh, refreshMinAgeHours }) =>
			refresh === null
				? 'none: exchange again or connect again'
				: `yes, once the token is ${refreshMinAgeHours} hours old and before it ends`,
		),
		line('Longest range in one request', ({ maxWindowDays }) =>
			maxWindowDays === null ? 'none seen' : `${maxWindowDays} days`,
		),
		line('Many requests in one', ({ batchMaxItems }) =>
			batchMaxItems === null ? 'not proven' : `${batchMaxItems}, each counted`,
		),
		line('Fields of the account', (host) => codes(host.userFields)),
		line('Fields of a post', (host) => codes(host.mediaFields)),
		line('Fields with a catch', (host) => {
			const risky = Object.entries(host.riskyFields).map(([field, { meaning }]) => `${code(field)}: ${meaning}`);
			return risky.length === 0 ? '–' : risky.join('<br>');
		}),
		line('Not there', (host) => (host.notAvailable.length === 0 ? '–' : host.notAvailable.join(', '))),
	];
	return `## The two logins

A token works on the host of its login only.

${markdownTable(['', ...hosts.map(code)], rows)}`;
}

/** Numbers Meta holds callers to. */
export function limitsSection(): string {
	const rows = [
		['Oldest day of account numbers', `${LIMITS.lookbackDays.max} days ago`],
		['Oldest day split by followers or not', `about ${LIMITS.followTypeLookbackDays.max} days ago`],
		['Oldest day of new followers and of followers online', `${LIMITS.followerCountDays} days ago`],
		['Numbers of posts are kept for', `${LIMITS.mediaInsightsRetentionYears} years`],
		['Numbers of a story can be read for', `${LIMITS.storyInsightsHours} hours`],
		['A day may be incomplete for', `${LIMITS.dataDelayHours} hours`],
		['Posts in the list', `the newest ${LIMITS.mediaListMax.toLocaleString('en-US')}, ${LIMITS.mediaPageMax} a page`],
		['Groups of an audience', `the ${LIMITS.demographicRowsMax} largest`],
		[
			'Requests in a rolling day',
			`${LIMITS.callsPerImpression.toLocaleString('en-US')} for each impression of the account on that day; a quiet account has few`,
		],
	];
	return `## Limits\n\n${markdownTable(['What', 'Limit'], rows)}`;
}

const MEANINGS: Record<GraphErrorKind, string> = {
	'invalid-query': 'The question does not hold together',
	auth: 'Meta does not accept the token, the app ID or the app secret',
	'wrong-host': 'The token belongs to the other login',
	permission: 'A permission is missing',
	'rate-limit': 'Too many requests',
	transient: 'Meta has a passing problem',
	'not-found': 'The post or account is not there',
	'unsupported-metric': 'This post does not have the metric',
	'unknown-metric': 'No such metric',
	window: 'The range is too long or too old',
	'too-few-viewers': 'Too few people saw it',
	'too-few-followers': 'The account is too small',
	'before-conversion': 'Older than the professional account',
	blocked: 'Meta has blocked the account or app',
	'unsupported-field': 'No such field here',
	'too-much-data': 'Too much at once',
};

/** What Meta refuses with, and the way out. */
export function errorsSection(): string {
	const number = ({ code: first, codeTo, subcode }: GraphErrorRow) => {
		const main = first === null ? 'any' : codeTo === undefined ? String(first) : `${first}–${codeTo}`;
		return subcode === null ? main : `${main} / ${subcode}`;
	};
	const rows = GRAPH_ERROR_CODES.map((row) => [
		number(row),
		row.says,
		`${MEANINGS[row.kind]}<br>${code(row.kind)}`,
		row.advice,
	]);
	return `## When Meta refuses

Read from top to bottom: the first line that fits counts.

${markdownTable(['Code / subcode', 'Meta says', 'It means', 'What to do'], rows)}`;
}

/** Versions of the API. */
export function versionsSection(): string {
	const rows = GRAPH_VERSIONS.map(({ version, released, expires, expired, note }) => [
		version === DEFAULT_GRAPH_VERSION ? `**${version}** (used unless you choose another)` : version,
		released,
		expires === null ? 'not announced' : expired ? `${expires}, over` : expires,
		note ?? '',
	]);
	return `## Versions of the API

An expired or unknown version is not refused: the oldest one that still works answers in its place (the header
${code(VERSION_BEHAVIOUR.servedVersionHeader)} says which). Metrics are taken away from all versions at once, so an older version
brings none back.

${markdownTable(['Version', 'Released', 'Ends', ''], rows)}`;
}
