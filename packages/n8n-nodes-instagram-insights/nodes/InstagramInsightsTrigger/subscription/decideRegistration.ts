import type { AppSubscription } from '@instagram-insights/core/internal';
import { isOwnLeftOver, isOwnProduction, isSameUrl, type OwnUrl } from './ownUrl';

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
 * @param wanted the URL and fields of this trigger; `listening`: the editor waits for an event at the test URL
 */
export function decideRegistration(
	subscriptions: readonly AppSubscription[],
	wanted: OwnUrl & { readonly listening: boolean; readonly fields: readonly string[] },
): Registration {
	const current = subscriptions.find(({ object }) => object === 'instagram');
	if (current === undefined) return { kind: 'free' };
	const { callbackUrl } = current;
	if (!isSameUrl(callbackUrl, wanted.callbackUrl)) {
		if (wanted.listening) {
			return { kind: 'taken', callbackUrl, whose: isOwnProduction(callbackUrl, wanted) ? 'own-production' : 'other' };
		}
		return isOwnLeftOver(callbackUrl, wanted) ? { kind: 'free' } : { kind: 'taken', callbackUrl, whose: 'other' };
	}
	const missing = wanted.fields.filter((field) => !current.fields.includes(field));
	if (missing.length === 0 && current.active) return { kind: 'registered' };
	return { kind: 'incomplete', fields: [...current.fields, ...missing] };
}
