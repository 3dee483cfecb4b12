import { signWebhook } from '@instagram-insights/core/testing';

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

const SENDER = '1009876543210987';

/**
 * One body of each shape Meta sends (the shapes of core's fixtures), for `send-test`.
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
	const message = (content: object, list = 'messaging') =>
		entry(
			{ [list]: [{ sender: { id: SENDER }, recipient: { id: account }, timestamp: now.getTime(), ...content }] },
			now.getTime(),
		);
	const mid = (name: string) => `aWdf-sample-${name}-${unique}`;
	const comment = (name: string) => ({
		id: `sample-${name}-${unique}`,
		text: 'Lindo! ❤ café? https://ig.me/x',
		from: { id: SENDER, username: 'ana.souza' },
		media: { id: '17918195224117851', media_product_type: 'FEED' },
	});
	return [
		{ shape: 'comments', body: change('comments', comment('comment')) },
		{ shape: 'comments-flat', body: entry({ field: 'comments', value: comment('flat') }) },
		{ shape: 'live_comments', body: change('live_comments', comment('live')) },
		{ shape: 'mentions', body: change('mentions', { media_id: '17918195224117851', comment_id: `sample-${unique}` }) },
		{
			shape: 'story_insights',
			body: change('story_insights', {
				media_id: `sample-${unique}`,
				...{ impressions: 1523, reach: 1200, taps_forward: 845, taps_back: 112, exits: 98, replies: -1 },
			}),
		},
		{ shape: 'messages', body: message({ message: { mid: mid('text'), text: 'oi, tem em azul?' } }) },
		{ shape: 'message_echoes', body: message({ message: { mid: mid('echo'), text: 'sim!', is_echo: true } }) },
		{ shape: 'message_edit', body: message({ message_edit: { mid: mid('text'), text: 'em verde?', num_edit: 1 } }) },
		{
			shape: 'message_reactions',
			body: message({ reaction: { mid: mid('text'), action: 'react', reaction: 'love', emoji: '❤️' } }),
		},
		{
			shape: 'messaging_postbacks',
			body: message({ postback: { mid: mid('postback'), title: 'Talk to a human', payload: 'HUMAN' } }),
		},
		{ shape: 'messaging_seen', body: message({ read: { mid: mid('text') } }) },
		{
			shape: 'messaging_referral',
			body: message({ referral: { ref: unique, source: 'https://ig.me/m/shop', type: 'OPEN_THREAD' } }),
		},
		{
			shape: 'messaging_handover',
			body: message({ pass_thread_control: { new_owner_app_id: '123456789012345', metadata: unique } }),
		},
		{ shape: 'standby', body: message({ message: { mid: mid('standby'), text: 'hello?' } }, 'standby') },
		{
			shape: 'messages-in-changes',
			body: change('messages', {
				...{ sender: { id: SENDER }, recipient: { id: account }, timestamp: String(seconds) },
				message: { mid: mid('changes'), text: 'random_text' },
			}),
		},
		{ shape: 'unknown', body: change('a_field_of_tomorrow', { note: unique }) },
	];
}
