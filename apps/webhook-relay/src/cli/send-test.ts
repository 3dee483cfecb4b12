import { signWebhook } from '@instagram-insights/core/testing';
import { WEBHOOK_FIELDS } from '@instagram-insights/core/webhook';

/** What became of one sample. */
export type SentSample = { readonly shape: string; readonly status: number | null };

/**
 * Send signed samples one after the other, as Meta would.
 *
 * @param secret the app secret to sign with
 * @param onSent called after each
 */
export async function sendSamples(
	samples: readonly SampleWebhook[],
	options: { url: string; secret: string; onSent: (sent: SentSample) => void },
): Promise<readonly SentSample[]> {
	if (!URL.canParse(options.url))
		throw new TypeError('--url must be a URL such as https://relay.example.com/webhooks/instagram');
	const sent: SentSample[] = [];
	for (const { shape, body } of samples) {
		const result = { shape, status: await post(options.url, signWebhook(body, options.secret)) };
		sent.push(result);
		options.onSent(result);
	}
	return sent;
}

async function post(url: string, { body, headers }: ReturnType<typeof signWebhook>): Promise<number | null> {
	try {
		const signal = AbortSignal.timeout(10_000);
		const response = await fetch(url, { method: 'POST', body: Buffer.from(body), headers, redirect: 'manual', signal });
		await response.text();
		return response.status;
	} catch {
		return null;
	}
}

/** A body as Meta would send it, with ids that were never sent before. */
export type SampleWebhook = { readonly shape: string; readonly body: object };

/** The account that core's samples are of. */
const SAMPLE_ACCOUNT = '17841405309211844';
/** Members that identify what happened; of a comment it is `id` too. */
const OWN_IDS = new Set(['mid', 'media_id', 'comment_id']);

/**
 * One body for each field that core has a sample of, and one of each other shape that Meta sends, for `send-test`.
 *
 * @param options.account whose events they are
 * @param options.unique makes the ids of this run different from those of every other, or the store would drop them as repetitions
 */
export function sampleWebhooks(options: { account: string; now: Date; unique: string }): readonly SampleWebhook[] {
	const { account, now, unique } = options;
	const seconds = Math.floor(now.getTime() / 1000);
	const entry = (content: object, time = seconds) => ({
		object: 'instagram',
		entry: [{ id: account, time, ...content }],
	});
	const change = (field: string, value: object) => entry({ changes: [{ field, value }] });
	const fresh = (sample: object, shape: string): object =>
		JSON.parse(JSON.stringify(sample), function (this: unknown, key, value) {
			const isOwn = OWN_IDS.has(key) || (key === 'id' && typeof this === 'object' && this !== null && 'text' in this);
			if (isOwn) return `${value}-${shape}-${unique}`;
			if (key === 'timestamp') return now.getTime();
			return value === SAMPLE_ACCOUNT ? account : value;
		});
	const ofFields = Object.entries(WEBHOOK_FIELDS).flatMap(([field, { sample }]) => {
		if (sample === null) return [];
		const value = fresh(sample, field);
		if (!('recipient' in sample)) return { shape: field, body: change(field, value) };
		const list = field === 'standby' ? 'standby' : 'messaging';
		return { shape: field, body: entry({ [list]: [value] }, now.getTime()) };
	});
	const { comments, messages } = WEBHOOK_FIELDS;
	const inChanges = { ...fresh(messages.sample, 'changes'), timestamp: String(seconds) };
	return [
		...ofFields,
		{ shape: 'comments-flat', body: entry({ field: 'comments', value: fresh(comments.sample, 'flat') }) },
		{ shape: 'messages-in-changes', body: change('messages', inChanges) },
		{ shape: 'unknown', body: change('a_field_of_tomorrow', { note: unique }) },
	];
}
