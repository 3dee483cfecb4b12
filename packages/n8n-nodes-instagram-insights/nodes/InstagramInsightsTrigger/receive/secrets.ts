import type { NamedSecret } from '@instagram-insights/core/internal';

/** What the credential may hold, all of it optional. */
export type WebhookCredential = {
	readonly eventsFrom?: unknown;
	readonly appId?: unknown;
	readonly appSecret?: unknown;
	readonly instagramAppSecret?: unknown;
	readonly verifyToken?: unknown;
	readonly relaySecret?: unknown;
	readonly baseUrl?: unknown;
};

/** Every secret Meta may sign with, under the name of its field. */
export function readAppSecrets({ appSecret, instagramAppSecret }: WebhookCredential): NamedSecret[] {
	return [
		...listOf(appSecret).map((secret) => ({ name: 'App Secret', secret })),
		...listOf(instagramAppSecret).map((secret) => ({ name: 'Instagram App Secret', secret })),
	];
}

/** Every secret the relay may sign with, newest first as they stand in the field. */
export function readRelaySecrets({ relaySecret }: WebhookCredential): string[] {
	return listOf(relaySecret);
}

export function readVerifyToken({ verifyToken }: WebhookCredential): string {
	return typeof verifyToken === 'string' ? verifyToken.trim() : '';
}

/** Secrets hold no commas and no white space, so both part them. */
function listOf(field: unknown): string[] {
	return typeof field === 'string' ? field.split(/[,\s]+/).filter((part) => part !== '') : [];
}
