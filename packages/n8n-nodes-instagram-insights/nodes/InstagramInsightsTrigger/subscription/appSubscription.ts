import { z } from 'zod/v4';
import type { AppSubscription } from './decideRegistration';
import { type CallAccess, type CallContext, callGraph } from './graphCall';

/** Fields come as names, or as objects with name and version. */
const fieldSchema = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);

const listSchema = z.object({
	data: z.array(
		z.object({
			object: z.string(),
			callback_url: z.string().nullish(),
			active: z.boolean().nullish(),
			fields: z.array(fieldSchema).nullish(),
		}),
	),
});

const successSchema = z.object({ success: z.boolean() });

/** The app whose callback URL it is about. */
export type App = { readonly context: CallContext; readonly access: CallAccess; readonly appId: string };

/** Where the app's events go, one entry for each kind of object. */
export async function readAppSubscriptions({ context, access, appId }: App): Promise<AppSubscription[]> {
	const what = 'callback URLs of the app';
	const { data } = await callGraph(
		context,
		access,
		{ method: 'GET', path: `/${appId}/subscriptions`, what },
		listSchema,
	);
	return data.map(({ object, callback_url, active, fields }) => ({
		object,
		callbackUrl: callback_url ?? '',
		active: active !== false,
		fields: fields ?? [],
	}));
}

/** Send the app's events of Instagram to a URL. Meta calls the URL with the verify token before it answers. */
export async function writeAppSubscription(
	{ context, access, appId }: App,
	subscription: {
		readonly callbackUrl: string;
		readonly verifyToken: string;
		readonly fields: readonly string[];
	},
): Promise<void> {
	const body = {
		object: 'instagram',
		callback_url: subscription.callbackUrl,
		verify_token: subscription.verifyToken,
		fields: subscription.fields.join(','),
		// Without it Meta sends only the names of what changed.
		include_values: 'true',
	};
	const call = { method: 'POST', path: `/${appId}/subscriptions`, body, what: 'registering the callback URL' } as const;
	await callGraph(context, access, call, successSchema);
}

/** No events of Instagram for this app any more. Other objects keep theirs. */
export async function removeAppSubscription({ context, access, appId }: App): Promise<void> {
	const query = { object: 'instagram' };
	const what = 'removing the callback URL';
	await callGraph(context, access, { method: 'DELETE', path: `/${appId}/subscriptions`, query, what }, successSchema);
}
