import { nearestName, readWebhookSecret, WEBHOOK_FIELDS } from '@instagram-insights/core/webhook';
import { z } from 'zod/v4';
import type { Subscriber } from '../relay/event.ts';
import { DEFAULT_RETRY, type RoutingRule, UNREADABLE_FIELD } from '../relay/rules.ts';

/** A string, or the environment variable or file that holds it. */
const secretTextSchema = z.union(
	[
		z.string().min(1),
		z.strictObject({ env: z.string().min(1).describe('Name of an environment variable that holds the text.') }),
		z.strictObject({
			file: z.string().min(1).describe('Path of a file that holds the text; a final newline is dropped.'),
		}),
	],
	{ error: 'must be a string, { "env": "<variable>" } or { "file": "<path>" }, and not empty' },
);
export type SecretText = z.infer<typeof secretTextSchema>;

const httpUrlSchema = z.string().superRefine((text, context) => {
	const problem = urlProblem(text);
	if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});
const LONGEST_WAIT_MS = 365 * 86_400_000;
const durationSchema = z
	.string()
	.refine(
		(text) => (parseDuration(text) ?? Number.POSITIVE_INFINITY) <= LONGEST_WAIT_MS,
		'must be a duration such as 500ms, 30s, 5m, 2h or 1d, and at most 365d',
	);

/** Objects of Meta's webhooks. There are more, so another one is accepted. */
const OBJECTS = ['instagram', 'page', 'user', 'permissions', 'whatsapp_business_account'];
/** Fields of the object instagram, and those the relay gives to what it cannot name. Meta adds fields without notice. */
const FIELDS = [...Object.keys(WEBHOOK_FIELDS), UNREADABLE_FIELD, 'unknown'];
const names = z.array(z.string().min(1)).min(1).optional();
const accountIds = z
	.array(z.string().regex(/^\d+$/, 'must be an account ID (digits only); copy it from the dashboard or from an event'))
	.min(1)
	.optional();
const matchSchema = z
	.strictObject({
		objects: names.describe('Only these objects (instagram, page …). Default: instagram.'),
		fields: names.describe('Only these fields (comments, messages …).'),
		accounts: accountIds.describe("Only these Instagram account ids, and samples of Meta's Test button."),
	})
	.superRefine((match, context) => {
		for (const { kind, index, name } of unknownNames(match)) {
			const meant = nearestName(name, kind === 'objects' ? OBJECTS : FIELDS, 2);
			if (meant === undefined) continue;
			const message = `is not ${kind === 'objects' ? 'an object' : 'a field'} of Meta's webhooks. Did you mean "${meant}"?`;
			context.addIssue({ code: 'custom', path: [kind, index], message });
		}
	});

/** The names that Meta's catalog does not have. It lists fields of the object instagram only. */
export function unknownNames({ objects, fields }: Pick<SubscriberMatch, 'objects' | 'fields'>) {
	const unknown = (kind: 'objects' | 'fields', given: readonly string[] | null | undefined, known: readonly string[]) =>
		(given ?? []).map((name, index) => ({ kind, index, name })).filter(({ name }) => !known.includes(name));
	const isInstagram = (objects ?? ['instagram']).every((object) => object === 'instagram');
	return [...unknown('objects', objects, OBJECTS), ...(isInstagram ? unknown('fields', fields, FIELDS) : [])];
}
type SubscriberMatch = { readonly [Kind in 'objects' | 'fields']?: readonly string[] | null | undefined };

/** Headers that the connection sets. undici refuses a request that contains one. */
const CONNECTION_HEADERS =
	/^(connection|content-length|expect|host|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/i;
const headerNameSchema = z
	.string()
	.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'a header name may contain only letters, digits and dashes')
	.refine((name) => !CONNECTION_HEADERS.test(name), 'this header is set by the connection itself; remove it');

/** One entry of the subscribers file. Strict, so that misspelt keys are reported. */
export const subscriberSchema = z.strictObject({
	id: z
		.string()
		.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
		.describe('Stable name. Deliveries belong to it: renaming a subscriber starts a new one.'),
	url: httpUrlSchema.describe('Where deliveries go: the production URL of an n8n webhook.'),
	testUrl: httpUrlSchema.optional().describe("n8n's test URL: gets one best-effort copy of each event, never retried."),
	secret: z
		.union([secretTextSchema, z.array(secretTextSchema).min(1)], {
			error: 'must be a string, { "env": "<variable>" } or { "file": "<path>" }, or a list of them',
		})
		.optional()
		.describe('Standard Webhooks secret (whsec_…), or several while rotating: newest first.'),
	headers: z
		.record(headerNameSchema, secretTextSchema)
		.refine(
			(headers) => new Set(Object.keys(headers).map((name) => name.toLowerCase())).size === Object.keys(headers).length,
			'contains the same header twice (case does not matter); keep one',
		)
		.optional()
		.describe("Headers to add, for example for n8n's Header Auth."),
	match: matchSchema.optional().describe('Which events to deliver. Default: all events of the object instagram.'),
	mode: z
		.enum(['event', 'passthrough'])
		.default('event')
		.describe("event: one event per request, signed by Standard Webhooks. passthrough: Meta's bytes and signature."),
	success: z
		.enum(['n8n', 'status'])
		.default('n8n')
		.describe("n8n: status 2xx, and the answer is not n8n's start-up page. status: any 2xx."),
	timeoutMs: z.int().min(100).max(120_000).default(30_000).describe('Longest wait for an answer to begin.'),
	concurrency: z.int().min(1).max(200).default(4).describe('Maximum number of requests at once.'),
	ratePerSecond: z.number().positive().max(10_000).optional().describe('Maximum number of requests per second.'),
	order: z
		.enum(['none', 'account'])
		.default('none')
		.describe('account: events of one account one after the other, in the order received.'),
	retry: z
		.strictObject({
			delays: z
				.array(durationSchema)
				.min(1)
				.max(50)
				.optional()
				.describe('Waits after each failure. After the last one, the delivery is dead.'),
			jitter: z.number().min(0).max(1).optional().describe('0.2 makes each wait up to 20 % longer.'),
		})
		.optional()
		.describe('Default: 14 retries over 75 hours.'),
});
export type SubscriberEntry = z.infer<typeof subscriberSchema>;

/** The subscribers file. readSubscribers checks that ids are unique. */
export const subscribersFileSchema = z.strictObject({
	$schema: z.string().optional(),
	subscribers: z.array(subscriberSchema),
});

/** The subscribers file as a JSON schema, for editors: name it under `$schema` in the file. */
export function subscribersJsonSchema(): object {
	return {
		...z.toJSONSchema(subscribersFileSchema, { io: 'input', target: 'draft-7' }),
		$id: 'https://unpkg.com/@instagram-insights/webhook-relay/subscribers.schema.json',
		title: 'Subscribers of the Instagram webhook relay',
	};
}

/** The routing rule of an entry. */
export function toRule({ id, match, mode, order }: SubscriberEntry): RoutingRule {
	const { objects = ['instagram'], fields = null, accounts = null } = match ?? {};
	return { id, mode, order, objects, fields, accounts };
}

/**
 * Turn a validated entry into a subscriber.
 *
 * @param readSecret returns the text of a `{ env }` or `{ file }`
 * @returns the subscriber, or the problems of its secrets and headers, without their values
 */
export function toSubscriber(
	entry: SubscriberEntry,
	readSecret: (secret: SecretText) => string,
): Subscriber | { readonly problems: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] } {
	const problems: { path: readonly PropertyKey[]; message: string }[] = [];
	const read = (secret: SecretText, path: readonly PropertyKey[], check: (text: string) => string | null): string => {
		try {
			const text = readSecret(secret);
			const message = check(text);
			if (message !== null) problems.push({ path, message });
			return text;
		} catch (error) {
			problems.push({ path, message: error instanceof Error ? error.message : String(error) });
			return '';
		}
	};
	const given = entry.secret === undefined ? [] : [entry.secret].flat();
	const secrets = given.map((secret) => read(secret, ['secret'], secretProblem));
	const headers = Object.entries(entry.headers ?? {}).map(([name, value]) => {
		return [name.toLowerCase(), read(value, ['headers', name], headerProblem)] as const;
	});
	if (problems.length > 0) return { problems };
	return {
		...toRule(entry),
		...{ url: entry.url, testUrl: entry.testUrl ?? null, secrets, headers: Object.fromEntries(headers) },
		...{ success: entry.success, timeoutMs: entry.timeoutMs, concurrency: entry.concurrency },
		ratePerSecond: entry.ratePerSecond ?? null,
		retry: {
			delaysMs: entry.retry?.delays?.map((delay) => parseDuration(delay) ?? 0) ?? DEFAULT_RETRY.delaysMs,
			jitter: entry.retry?.jitter ?? DEFAULT_RETRY.jitter,
		},
	};
}

/** What is wrong with a URL; null: nothing. */
function urlProblem(text: string): string | null {
	if (/[\s\p{Cc}]/u.test(text)) return 'contains a space or line break; remove it';
	if (!URL.canParse(text)) return 'must be a URL such as http://n8n:5678/webhook/instagram';
	const { protocol, username, password, port, hash, hostname } = new URL(text);
	if (protocol !== 'http:' && protocol !== 'https:') return 'must begin with http:// or https://';
	if (username !== '' || password !== '') return 'must not contain a user name or password; put them in "headers"';
	if (port === '0') return 'uses port 0, where nothing can listen; use the real port';
	if (hash !== '') return 'has a part after #, which is never sent; remove it';
	if (hostname.split('.').some((label) => label.length > 63) || hostname.length > 253)
		return 'has a host name that is too long';
	if (/\.\.|^\./.test(hostname)) return 'has a host name with an empty part between dots';
	return null;
}

/** What is wrong with a Standard Webhooks secret; null: nothing. */
function secretProblem(text: string): string | null {
	const around = textProblem(text);
	if (around !== null) return around;
	return readWebhookSecret(text).ok ? null : 'must be whsec_ followed by 24 to 64 bytes in base64';
}

/** What is wrong with a header's value; null: nothing. HTTP headers carry Latin-1 without line breaks. */
function headerProblem(text: string): string | null {
	if (text.trim() === '') return 'is empty; write the value of the header there';
	if (/[\r\n]/.test(text)) return 'contains a line break, which a header cannot carry; remove it';
	if (/[^\t\x20-\x7e\x80-\xff]/.test(text))
		return 'contains a character that a header cannot carry; use ASCII characters';
	return null;
}

function textProblem(text: string): string | null {
	if (/[\r\n]/.test(text)) return 'contains a line break; write it on one line';
	if (/^(["'`]).*\1$/.test(text)) return 'is wrapped in quotation marks; remove them';
	return /^\s|\s$/.test(text) ? 'starts or ends with a space; remove it' : null;
}

// biome-ignore format: a table reads by columns
const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration as people write it: `500ms`, `30s`, `5m`, `2h`, `1.5d`; null for any other text. */
export function parseDuration(text: string): number | null {
	const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
	if (amount === undefined || unit === undefined) return null;
	return Math.round(Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]);
}
