import {
	type AccountSubscription,
	type AppSubscriptions,
	type Clock,
	createAccountSubscription,
	createAppSubscriptions,
	DEFAULT_GRAPH_VERSION,
	type Host,
	type LoginType,
	PAGE_SUBSCRIPTION_FIELD,
	parseJson,
	type Transport,
} from '@instagram-insights/core/internal';
import { createUndiciTransport } from '@instagram-insights/core/undici';
import { z } from 'zod/v4';

/** An account whose subscription the CLI manages. */
export type MetaAccount = {
	readonly name: string;
	/** owner of `subscribed_apps`: `me`, the id of a Page, or with Unified Login that of the Instagram account */
	readonly node: string;
	readonly host: Host;
	readonly token: string;
};

/** The app, and where Graph is. */
export type MetaSettings = {
	readonly appId: string | undefined;
	readonly appSecret: string | undefined;
	readonly baseUrls: Readonly<Record<Host, string>>;
};

/** How the account signs in. Ids of professional Instagram accounts begin with 1784, ids of Pages do not. */
export function loginOf({ host, node }: Pick<MetaAccount, 'host' | 'node'>): LoginType {
	if (host === 'graph.instagram.com') return 'instagram';
	return /^1784\d{13}$/.test(node) ? 'unified' : 'facebook';
}

const USUAL_FIELDS = ['comments', 'messages'];

/** The default fields of an account's subscription, or of the app's without an account. */
export function usualFields(account?: MetaAccount): readonly string[] {
	return account !== undefined && loginOf(account) === 'facebook' ? [PAGE_SUBSCRIPTION_FIELD] : USUAL_FIELDS;
}

export type MetaSubscriptions = ReturnType<typeof createMetaSubscriptions>;

const id = z.union([z.string(), z.number().transform(String)]);
const identitySchema = z.union([
	z.object({ user_id: id, username: z.string() }).transform(({ user_id, username }) => ({ id: user_id, username })),
	z
		.object({ instagram_business_account: z.object({ id, username: z.string() }) })
		.transform(({ instagram_business_account: account }) => account),
]);

/**
 * Meta's three layers, all of which must be there: the app's callback URL, the app's fields, and each account's
 * subscription to the app. Every method throws an {InsightsError} with advice when Meta refuses.
 */
export function createMetaSubscriptions({ appId, appSecret, baseUrls }: MetaSettings, clock: Clock) {
	const transports = new Map<string, Transport & { close(): Promise<void> }>();
	const speakWith = (accessToken: string) => {
		const transport = transports.get(accessToken) ?? createUndiciTransport({ accessToken, baseUrls });
		transports.set(accessToken, transport);
		return { transport, clock, secrets: [accessToken] };
	};

	function app(): AppSubscriptions {
		if (appId === undefined || appSecret === undefined) throw new TypeError('META_APP_ID is not set');
		const options = speakWith(`${appId}|${appSecret}`);
		return createAppSubscriptions(appId, { ...options, secrets: [...options.secrets, appSecret] });
	}
	function account(one: MetaAccount): AccountSubscription {
		const { name, node, token } = one;
		return createAccountSubscription({ login: loginOf(one), node, name }, speakWith(token));
	}

	return {
		/** null: no callback for `instagram` */
		readApp: async () => (await app().read()).find(({ object }) => object === 'instagram') ?? null,
		/** Set callback and fields. Meta sends the handshake to the URL before it answers. */
		writeApp: async ({ url, ...callback }: { url: string; verifyToken: string; fields: readonly string[] }) =>
			await app().write({ callbackUrl: url, ...callback }),
		/** The fields this account sends to the app; empty: not subscribed. */
		readAccount: async (one: MetaAccount): Promise<readonly string[]> => (await account(one).read()) ?? [],
		writeAccount: async (one: MetaAccount, fields: readonly string[]) => await account(one).write(fields),
		removeAccount: async (one: MetaAccount) => await account(one).remove(),
		/** The id that webhooks name and the username of each account. Accounts that Meta refuses are left out. */
		async identify(accounts: readonly MetaAccount[]): Promise<readonly { id: string; username: string }[]> {
			const found = await Promise.allSettled(
				accounts.map(async ({ host, node, token, name }) => {
					const isPage = host === 'graph.facebook.com';
					const query = { fields: isPage ? 'instagram_business_account{id,username}' : 'user_id,username' };
					const request = { method: 'GET', host, path: `/${node}`, query, version: DEFAULT_GRAPH_VERSION } as const;
					const { text } = await speakWith(token).transport.send(request);
					return identitySchema.parse(parseJson(text, `the name of ${name}`, [token]));
				}),
			);
			return found.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
		},
		async close(): Promise<void> {
			await Promise.all([...transports.values()].map((transport) => transport.close()));
		},
	};
}
