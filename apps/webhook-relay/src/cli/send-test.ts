import { signWebhook } from '@instagram-insights/core/testing';
import type { SampleWebhook } from './sample-webhooks.ts';

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
