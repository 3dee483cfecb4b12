import { z } from 'zod/v4';
import { type CallAccess, type CallContext, callGraph } from './graphCall';

/** The account, or the Page it is linked to, that sends its events to the app. */
export type Subscriber = {
	readonly context: CallContext;
	readonly access: CallAccess;
	/** `/me` on the Instagram host, `/{page-id}` on the Facebook host. */
	readonly path: string;
	/** The app's id, where the list may name several; null where it only ever names the token's own. */
	readonly appId: string | null;
};

const listSchema = z.object({
	data: z.array(
		z.object({
			id: z.union([z.string(), z.number()]).nullish(),
			subscribed_fields: z.array(z.string()).nullish(),
		}),
	),
});

const successSchema = z.object({ success: z.boolean() });

/** The fields the account sends to the app; null when it sends nothing. */
export async function readAccountSubscription({
	context,
	access,
	path,
	appId,
}: Subscriber): Promise<readonly string[] | null> {
	const call = { method: 'GET', path: `${path}/subscribed_apps`, what: 'webhook subscription of the account' } as const;
	const { data } = await callGraph(context, access, call, listSchema);
	const own = data.find(({ id }) => appId === null || id === null || id === undefined || String(id) === appId);
	return own === undefined ? null : (own.subscribed_fields ?? []);
}

/** Let the account send these fields to the app. */
export async function writeAccountSubscription(
	{ context, access, path }: Subscriber,
	fields: readonly string[],
): Promise<void> {
	const query = { subscribed_fields: fields.join(',') };
	const call = { method: 'POST', path: `${path}/subscribed_apps`, query, what: 'subscribing the account' } as const;
	await callGraph(context, access, call, successSchema);
}

/** The account sends nothing to the app any more. */
export async function removeAccountSubscription({ context, access, path }: Subscriber): Promise<void> {
	const call = { method: 'DELETE', path: `${path}/subscribed_apps`, what: 'unsubscribing the account' } as const;
	await callGraph(context, access, call, successSchema);
}
