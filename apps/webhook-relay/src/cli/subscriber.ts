import { readWebhookSecret } from '@instagram-insights/core/webhook';
import { z } from 'zod/v4';
import type { Subscriber } from '../relay/event.ts';
import { DEFAULT_RETRY } from '../relay/rules.ts';
import { parseDuration } from './duration.ts';

/** A text given as it is, or named by the environment variable or file that holds it. */
export const secretTextSchema = z.union([
	z.string().min(1),
	z.strictObject({ env: z.string().min(1).describe('Name of an environment variable that holds the text.') }),
	z.strictObject({
		file: z.string().min(1).describe('Path of a file that holds the text; a final newline is dropped.'),
	}),
]);
export type SecretText = z.infer<typeof secretTextSchema>;

const httpUrlSchema = z.string().refine(isPlainHttpUrl, 'must be an http(s) URL without user name and password');
const durationSchema = z
	.string()
	.refine((text) => parseDuration(text) !== null, 'must be a duration such as 500ms, 30s, 5m, 2h or 1d');

/** One entry of the subscribers file. Strict: a misspelt key is a mistake to be told, not to be passed over. */
export const subscriberSchema = z.strictObject({
	id: z
		.string()
		.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
		.describe('Stable name. Deliveries belong to it: renaming a subscriber starts a new one.'),
	url: httpUrlSchema.describe('Where deliveries go: the production URL of an n8n webhook.'),
	testUrl: httpUrlSchema.optional().describe("n8n's test URL: gets one best-effort copy of each event, never retried."),
	secret: z
		.union([secretTextSchema, z.array(secretTextSchema).min(1)])
		.optional()
		.describe('Standard Webhooks secret (whsec_…), or several while rotating: newest first.'),
	headers: z
		.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not a header name'), secretTextSchema)
		.optional()
		.describe('Headers to add, for example the one of n8n Header Auth.'),
	match: z
		.strictObject({
			objects: z
				.array(z.string().min(1))
				.min(1)
				.optional()
				.describe('Only these objects (instagram, page …). instagram when left out.'),
			fields: z.array(z.string().min(1)).min(1).optional().describe('Only these fields (comments, messages …).'),
			accounts: z.array(z.string().min(1)).min(1).optional().describe('Only these Instagram account ids.'),
		})
		.optional()
		.describe('Which events to deliver. Everything when left out.'),
	mode: z
		.enum(['event', 'passthrough'])
		.default('event')
		.describe("event: one event a request, signed by Standard Webhooks. passthrough: Meta's bytes and signature."),
	success: z
		.enum(['n8n', 'status'])
		.default('n8n')
		.describe('n8n: status 2xx and a body that is not the start-up page. status: any 2xx.'),
	timeoutMs: z.int().min(100).max(120_000).default(30_000).describe('Longest wait for an answer.'),
	concurrency: z.int().min(1).max(200).default(4).describe('Most requests under way at once.'),
	ratePerSecond: z.number().positive().max(10_000).optional().describe('Most requests started in a second.'),
	order: z
		.enum(['none', 'account'])
		.default('none')
		.describe('account: events of one account one after the other, in the order received.'),
	retry: z
		.strictObject({
			delays: z.array(durationSchema).min(1).max(50).optional().describe('Wait after each failure, then dead letter.'),
			jitter: z.number().min(0).max(1).optional().describe('0.2 makes each wait up to 20 % longer.'),
		})
		.optional()
		.describe('Default: 14 retries over 75 hours.'),
});

/** The subscribers file. That ids are unique is checked where it is read. */
export const subscribersFileSchema = z.strictObject({
	$schema: z.string().optional(),
	subscribers: z.array(subscriberSchema),
});

/**
 * Make a subscriber of a validated entry.
 *
 * @param readSecret gives the text that a `{ env }` or `{ file }` names
 * @throws what `readSecret` throws, and {TypeError} for a secret that is not a Standard Webhooks one
 */
export function toSubscriber(
	entry: z.infer<typeof subscriberSchema>,
	readSecret: (secret: SecretText) => string,
): Subscriber {
	const secrets = entry.secret === undefined ? [] : [entry.secret].flat().map(readSecret);
	for (const secret of secrets) {
		if (!readWebhookSecret(secret).ok) throw new TypeError('secret: must be whsec_ and the base64 of 24 to 64 bytes');
	}
	return {
		id: entry.id,
		url: entry.url,
		testUrl: entry.testUrl ?? null,
		secrets,
		headers: Object.fromEntries(
			Object.entries(entry.headers ?? {}).map(([name, value]) => [name.toLowerCase(), readSecret(value)]),
		),
		objects: entry.match?.objects ?? ['instagram'],
		fields: entry.match?.fields ?? null,
		accounts: entry.match?.accounts ?? null,
		mode: entry.mode,
		success: entry.success,
		timeoutMs: entry.timeoutMs,
		concurrency: entry.concurrency,
		ratePerSecond: entry.ratePerSecond ?? null,
		order: entry.order,
		retry: {
			delaysMs: entry.retry?.delays?.map((delay) => parseDuration(delay) ?? 0) ?? DEFAULT_RETRY.delaysMs,
			jitter: entry.retry?.jitter ?? DEFAULT_RETRY.jitter,
		},
	};
}

function isPlainHttpUrl(text: string): boolean {
	if (!URL.canParse(text)) return false;
	const { protocol, username, password } = new URL(text);
	return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}
