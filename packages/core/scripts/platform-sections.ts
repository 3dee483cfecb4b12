import { GRAPH_ERROR_CODES, type GraphErrorKind, type GraphErrorRow } from '../src/catalog/graph-error-code.ts';
import { DEFAULT_GRAPH_VERSION, GRAPH_VERSIONS, SERVED_VERSION_HEADER } from '../src/catalog/graph-version.ts';
import {
	HOSTS,
	type Host,
	type HostRow,
	LOGINS,
	type LoginRow,
	type LoginType,
	TOKEN_ENDPOINTS,
	type TokenEndpointsRow,
} from '../src/catalog/host.ts';
import { ACCOUNT_LIMITS, LIMITS, limitInWords, limitsOn } from '../src/catalog/limit.ts';
import { MEDIA_METRICS } from '../src/catalog/media-metric.ts';
import { WEBHOOK_FIELDS, type WebhookFieldRow } from '../src/catalog/webhook-field.ts';

const code = (name: string) => `\`${name}\``;
const codes = (names: readonly string[]) => (names.length === 0 ? '–' : names.map(code).join(', '));

/** The logins side by side, then the two hosts: permissions, tokens, what each can do. */
export function hostsSection(): string {
	const hosts = Object.keys(HOSTS) as Host[];
	const line = (head: string, cell: (host: HostRow, tokens: TokenEndpointsRow) => string) => [
		head,
		...hosts.map((host) => cell(HOSTS[host], TOKEN_ENDPOINTS[host])),
	];
	const rows = [
		line('Login', (host) => host.shortTitle),
		line('A long-lived token lives', (_host, tokens) => `${tokens.longLivedDays} days`),
		line('Refresh', (_host, { refresh }) =>
			refresh === null
				? 'none: exchange again or connect again'
				: `yes, once the token is ${refresh.minAgeHours} hours old and before it ends`,
		),
		['Longest range in one request', ...hosts.map((host) => daysOr(limitsOn(host).windowDays))],
		line('Many requests in one', ({ batchMaxItems }) =>
			batchMaxItems === null ? 'not proven' : `${batchMaxItems}, each counted`,
		),
		line('Fields of the account', (host) => codes(host.userFields)),
		line('Fields of a post', (host) => codes(host.mediaFields)),
		line('Fields with a catch', (host) => {
			const risky = Object.entries(host.riskyFields).map(([field, { meaning }]) => `${code(field)}: ${meaning}`);
			return risky.length === 0 ? '–' : risky.join('<br>');
		}),
		['Metrics of posts that it lacks', ...hosts.map((host) => codes(metricsNotOn(host)))],
		line('Not there', (host) => (host.notAvailable.length === 0 ? '–' : host.notAvailable.join(', '))),
	];
	return `## Logins

${loginsTable()}

## The two hosts

A token works on the host of its login only.

${markdownTable(['', ...hosts.map(code)], rows)}`;
}

/** Every way to sign in, and what is known of it. */
function loginsTable(): string {
	const unknown = (names: readonly string[] | null) => (names === null ? 'not known' : codes(names));
	const logins: readonly LoginRow[] = Object.values(LOGINS);
	const line = (head: string, cell: (login: LoginRow) => string) => [head, ...logins.map(cell)];
	const rows = [
		line('Product', ({ title }) => title),
		line('Login', ({ loginName }) => loginName ?? 'not known'),
		line('Host', ({ host }) => code(host)),
		line('Tokens', ({ tokens }) => tokens),
		line('Tokens begin with', ({ tokenPrefixes }) => (tokenPrefixes.length === 0 ? 'not known' : codes(tokenPrefixes))),
		line('Insights', ({ insightsConfidence }) => (insightsConfidence === 'low' ? 'not documented' : 'yes')),
		line('Permissions for insights', ({ permissions }) => unknown(permissions.insights)),
		line('To list posts', ({ permissions: { media, mediaOneOf } }) =>
			mediaOneOf.length === 0 ? unknown(media) : `${unknown(media)} and one of ${codes(mediaOneOf)}`,
		),
		line('To find the account', ({ permissions }) => unknown(permissions.discovery)),
		line('To list media of others that tag the account', ({ permissions }) => unknown(permissions.taggedMedia)),
		line('When the role comes from Business Manager', ({ permissions }) => codes(permissions.viaBusinessManager)),
		line('Webhook fields', ({ loginType }) => codes(webhookFieldsOf(loginType))),
		line('Permissions for webhooks', ({ webhookPermissions }) => codes(webhookPermissions)),
		line('Not known', (login) => login.unknown ?? '–'),
		line('How sure', ({ confidence, sources }) => `${confidence} (${sources.join(' ')})`),
	];
	return markdownTable(['', ...logins.map(({ shortTitle }) => shortTitle)], rows);
}

/** The fields that Meta's pages offer to a login. */
function webhookFieldsOf(login: LoginType): string[] {
	return Object.entries<WebhookFieldRow>(WEBHOOK_FIELDS).flatMap(([name, { logins }]) =>
		logins[login] === 'documented' ? name : [],
	);
}

function metricsNotOn(host: Host): string[] {
	return Object.entries(MEDIA_METRICS).flatMap(([name, { hosts }]) => (hosts.includes(host) ? [] : name));
}

function daysOr(days: number | null): string {
	return days === null ? 'no limit known' : `${days} days`;
}

/** Meta's limits. */
export function limitsSection(): string {
	const rows = [
		[
			'Oldest day of account numbers, unless a metric or breakdown has its own limit',
			limitInWords(ACCOUNT_LIMITS, 'daysBack', (days) => `${days} days ago`) ?? 'no limit known',
		],
		['Numbers of posts are kept for', `${LIMITS.mediaInsightsRetentionYears} years`],
		['Numbers of a story can be read for', `${LIMITS.storyInsightsHours} hours`],
		['A day may be incomplete for', `${LIMITS.dataDelayHours} hours`],
		['Posts in the list', `the newest ${LIMITS.mediaListMax.toLocaleString('en-US')}, ${LIMITS.mediaPageMax} per page`],
		[
			'Requests in a rolling day',
			`${LIMITS.callsPerImpression.toLocaleString('en-US')} for each impression of the account on that day; a quiet account has few`,
		],
	];
	return `## Limits\n\n${markdownTable(['What', 'Limit'], rows)}`;
}

const MEANINGS: Record<GraphErrorKind, string> = {
	'invalid-query': 'The question is invalid',
	auth: 'Meta does not accept the token, the app ID or the app secret',
	'wrong-host': 'The token belongs to the other login',
	permission: 'A permission is missing',
	'rate-limit': 'Too many requests',
	transient: 'Meta has a temporary problem',
	'not-found': 'The post or account does not exist',
	'unsupported-metric': 'This post does not have the metric',
	'unknown-metric': 'The metric does not exist',
	window: 'The range is too long or too old',
	'too-few-viewers': 'Too few people saw it',
	'too-few-followers': 'The account is too small',
	'before-conversion': 'Published before the account became professional',
	blocked: 'Meta has blocked the account or app',
	'unsupported-field': 'The field does not exist here',
	'too-much-data': 'The request asks for too much',
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

${markdownTable(['Code / subcode', 'Meta says', 'Meaning', 'What to do'], rows)}`;
}

/** Versions of the API. */
export function versionsSection(): string {
	const rows = GRAPH_VERSIONS.map(({ version, released, expires, note }) => [
		version === DEFAULT_GRAPH_VERSION ? `**${version}** (default)` : version,
		released,
		expires ?? 'not announced',
		note ?? '',
	]);
	return `## Versions of the API

An expired or unknown version is not refused: the oldest one that still works answers in its place (the header
${code(SERVED_VERSION_HEADER)} says which). Metrics are taken away from all versions at once, so an older version
brings none back.

${markdownTable(['Version', 'Released', 'Ends', ''], rows)}`;
}

/** A Markdown table. Cells may hold anything; what would break a row is escaped. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(' | ')} |`;
	return [line(heads), `|${' --- |'.repeat(heads.length)}`, ...rows.map(line)].join('\n');
}

function escapeCell(cell: string): string {
	return cell
		.replaceAll('\\', '\\\\')
		.replaceAll('|', '\\|')
		.replace(/\s*\n\s*/g, ' ');
}
