/** One entry of `/{app-id}/subscriptions`: where the app's events of one object go. */
export type AppSubscription = {
	readonly object: string;
	readonly callbackUrl: string;
	readonly active: boolean;
	readonly fields: readonly string[];
};

/** Where the app's events of Instagram go now, seen from one trigger. */
export type Registration =
	/** To this trigger, with every field wanted. */
	| { readonly kind: 'registered' }
	/** To this trigger, but a field is missing or Meta has switched it off. `fields` holds the old and the new ones. */
	| { readonly kind: 'incomplete'; readonly fields: readonly string[] }
	/** Nowhere; or to the test URL of this very trigger, which gives way to the production URL. */
	| { readonly kind: 'free' }
	/** To another address: the production URL of this very trigger, or somebody else's. */
	| { readonly kind: 'taken'; readonly callbackUrl: string; readonly whose: 'own-production' | 'other' };

/**
 * Meta keeps one callback URL for each app and object, so a trigger may only register where nobody else has.
 *
 * @param callbackUrl the URL of this trigger, the one for tests while the editor listens
 */
export function decideRegistration(
	subscriptions: readonly AppSubscription[],
	{ callbackUrl, fields }: { readonly callbackUrl: string; readonly fields: readonly string[] },
): Registration {
	const current = subscriptions.find(({ object }) => object === 'instagram');
	if (current === undefined) return { kind: 'free' };
	if (!isSameUrl(current.callbackUrl, callbackUrl)) {
		if (isSameUrl(current.callbackUrl, otherEndpoint(callbackUrl, 'webhook-test'))) return { kind: 'free' };
		const whose = isOwnProduction(current.callbackUrl, callbackUrl) ? 'own-production' : 'other';
		return { kind: 'taken', callbackUrl: current.callbackUrl, whose };
	}
	const missing = fields.filter((field) => !current.fields.includes(field));
	if (missing.length === 0 && current.active) return { kind: 'registered' };
	return { kind: 'incomplete', fields: [...current.fields, ...missing] };
}

/** Whether `url` is the production URL of the trigger that listens at the test URL `callbackUrl`. */
export function isOwnProduction(url: string, callbackUrl: string): boolean {
	return !isSameUrl(url, callbackUrl) && isSameUrl(url, otherEndpoint(callbackUrl, 'webhook'));
}

export function isSameUrl(left: string, right: string): boolean {
	return withoutSlash(left) === withoutSlash(right);
}

/**
 * The same URL under one of n8n's two endpoints: `…/webhook/<id>/…` and `…/webhook-test/<id>/…`. Where an instance has
 * given them other names, the URL stays as it is, and its own URLs count as somebody else's.
 */
function otherEndpoint(url: string, endpoint: 'webhook' | 'webhook-test'): string {
	return url.replace(/\/webhook(?:-test)?(\/[^/]+\/[^/]+\/?)$/, `/${endpoint}$1`);
}

function withoutSlash(url: string): string {
	return url.trim().replace(/\/+$/, '');
}
