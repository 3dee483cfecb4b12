/**
 * One URL of a trigger, and what tells its other one: n8n listens under an endpoint for production and under one for
 * tests. Their names (`webhook`, `webhook-test`) are settings of the instance that no node can read, so nothing here
 * goes by them.
 */
export type OwnUrl = {
	/** Under which URL n8n listens, the test URL while the editor waits for an event. */
	readonly callbackUrl: string;
	/** What both URLs of this trigger end in, and those of no other: `<webhook id>/webhook`. */
	readonly webhookPath: string;
};

/**
 * Whether `url` is the production URL of the trigger that listens at a test URL. The address may differ: an instance may
 * have one for the editor and another for webhooks.
 */
export function isOwnProduction(url: string, { callbackUrl, webhookPath }: OwnUrl): boolean {
	const [there, here] = [endpointOf(url, webhookPath), endpointOf(callbackUrl, webhookPath)];
	return there !== null && here !== null && withoutAddress(there) !== withoutAddress(here);
}

/**
 * Whether `url` is the other URL of the trigger that listens at its production URL, at the same address: its test URL, or
 * its production URL under the name that the endpoint had before.
 */
export function isOwnLeftOver(url: string, { callbackUrl, webhookPath }: OwnUrl): boolean {
	const [there, here] = [endpointOf(url, webhookPath), endpointOf(callbackUrl, webhookPath)];
	return there !== null && here !== null && there !== here && parentOf(there) === parentOf(here);
}

export function isSameUrl(left: string, right: string): boolean {
	return withoutSlash(left) === withoutSlash(right);
}

/** The URL up to the endpoint; null when it is not one of the trigger's. */
function endpointOf(url: string, webhookPath: string): string | null {
	const end = `/${webhookPath}`;
	const text = withoutSlash(url);
	return text.endsWith(end) ? text.slice(0, -end.length) : null;
}

function withoutAddress(url: string): string {
	return url.replace(/^[a-z]+:\/\/[^/]*/i, '');
}

function parentOf(url: string): string {
	return url.slice(0, url.lastIndexOf('/'));
}

function withoutSlash(url: string): string {
	return url.trim().replace(/\/+$/, '');
}
