import { signWebhook } from '@instagram-insights/core/testing';
import type { IDataObject } from 'n8n-workflow';
import { type FakeRequest, INSTAGRAM_APP_SECRET, request } from './fake-webhook.mts';

export const ACCOUNT = '17841405309211844';

/** A comment on a post, in the envelope of a webhook. */
export function comment(id: string, text = 'Lindo! \u2764 caf\u00e9?', account = ACCOUNT): IDataObject {
	const from = { id: '1009876543210987', username: 'ana.souza' };
	const media = { id: '17918195224117851', media_product_type: 'FEED' };
	return {
		object: 'instagram',
		entry: [{ id: account, time: 1764551000, changes: [{ field: 'comments', value: { id, text, from, media } }] }],
	};
}

/** Changes of one account, in the envelope of a webhook. */
export function changes(...list: IDataObject[]): IDataObject {
	return { object: 'instagram', entry: [{ id: ACCOUNT, time: 1764551000, changes: list }] };
}

/** A post as Meta sends it, signed with the Instagram app's secret unless another one is given. */
export function post(payload: unknown, more: FakeRequest = {}, secret = INSTAGRAM_APP_SECRET) {
	const { body, headers } = signWebhook(payload, secret);
	return request({ body, headers, ...more });
}
