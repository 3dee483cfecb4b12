import type { AppSubscription } from '@instagram-insights/core/internal';
import { type INode, NodeOperationError } from 'n8n-workflow';

/** Where Meta sends the app's Instagram events now, from the view of one trigger. */
export type Registration =
	/** To this trigger, with every field wanted. */
	| { readonly kind: 'registered' }
	/** To this trigger, but a field is missing or Meta has switched it off. `fields` holds the old and the new ones. */
	| { readonly kind: 'incomplete'; readonly fields: readonly string[] }
	/** Nowhere, or to the test URL of this trigger, which gives way to the production URL. */
	| { readonly kind: 'free' }
	/** To another address: the production URL of this trigger, or a foreign one. */
	| { readonly kind: 'taken'; readonly callbackUrl: string; readonly whose: 'own-production' | 'other' };

/**
 * Meta keeps one callback URL per app and object, so a trigger registers only if no other receiver has.
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

/**
 * One URL of a trigger, and how to recognise its other one. n8n listens under one endpoint for production and one for tests.
 * Their names (`webhook`, `webhook-test`) are settings of the instance that no node can read, so nothing here relies on
 * them.
 */
export type OwnUrl = {
	/** The URL under which n8n listens: the test URL while the editor waits for an event. */
	readonly callbackUrl: string;
	/** The end of both URLs of this trigger, and of no other: `<webhook id>/webhook`. */
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

/** The URL up to the endpoint; null if it does not belong to the trigger. */
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

type Taken = Extract<Registration, { kind: 'taken' }>;

/** Why this trigger does not register: another receiver has the app's only callback URL. */
export function takenError(node: INode, { callbackUrl, whose }: Taken): NodeOperationError {
	const { message, description } = texts(whose, withoutQuery(callbackUrl));
	return new NodeOperationError(node, message, { description, level: 'warning' });
}

function texts(whose: Taken['whose'], callbackUrl: string): { message: string; description: string } {
	switch (whose) {
		case 'own-production':
			return {
				message: 'The production URL of this trigger is registered with Meta, so its test URL cannot be',
				description:
					'Meta keeps one callback URL for each app. Listening for a test event now would take the events away from the published workflow. Unpublish the workflow while you test, or use the webhook relay, which can send a copy to the test URL. If the workflow is no longer published, remove the URL in the App Dashboard under Webhooks.',
			};
		case 'other':
			return {
				message: `Meta already sends the Instagram events of this app to ${callbackUrl}, and an app has only one callback URL`,
				description:
					'Registering this trigger would take the events away from there. For several workflows, put the webhook relay at that URL and set Mode to Via Relay. If the URL is no longer in use, remove it in the App Dashboard under Webhooks, or turn on the option Replace Callback URL.',
			};
		default:
			return whose satisfies never;
	}
}

/** A query may contain a token. */
function withoutQuery(url: string): string {
	return url.split(/[?#]/, 1)[0] ?? '';
}
