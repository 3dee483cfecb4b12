import {
	classifyError,
	DEFAULT_GRAPH_VERSION,
	type GraphRequest,
	type Host,
	InsightsError,
	parseJson,
	type Transport,
} from '@instagram-insights/core';
import { createUndiciTransport } from '@instagram-insights/core/undici';
import { z } from 'zod/v4';

/** An account whose subscription the CLI looks after. */
export type MetaAccount = {
	readonly name: string;
	/** what `subscribed_apps` hangs under: `me`, or the id of a Page */
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

/** What to subscribe to when nobody says otherwise. A Page takes Page fields; Instagram's own names are refused there. */
export const USUAL_FIELDS = {
	app: ['comments', 'messages'],
	'graph.instagram.com': ['comments', 'messages'],
	'graph.facebook.com': ['feed'],
} as const;

/** The app's callback for the object `instagram`: layers one and two of a subscription. */
export type AppSubscription = {
	readonly callbackUrl: string;
	readonly active: boolean;
	readonly fields: readonly string[];
};

/**
 * Meta's three layers, all of which must be there: the app's callback URL, the app's fields, and each account's
 * subscription to the app. Every method throws an {InsightsError} with advice when Meta refuses.
 */
export type MetaSubscriptions = {
	/** null: no callback for `instagram` */
	readApp(): Promise<AppSubscription | null>;
	/** Set callback and fields. Meta sends the handshake to the URL before it answers. */
	writeApp(callback: { url: string; verifyToken: string; fields: readonly string[] }): Promise<void>;
	/** The fields this account sends to the app; empty: not subscribed. */
	readAccount(account: MetaAccount): Promise<readonly string[]>;
	writeAccount(account: MetaAccount, fields: readonly string[]): Promise<void>;
	removeAccount(account: MetaAccount): Promise<void>;
	close(): Promise<void>;
};

const fieldSchema = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const appAnswerSchema = z.object({
	data: z.array(
		z.object({
			object: z.string(),
			callback_url: z.string().nullish(),
			active: z.boolean().nullish(),
			fields: z.array(fieldSchema).nullish(),
		}),
	),
});
const accountAnswerSchema = z.object({
	data: z.array(z.object({ subscribed_fields: z.array(fieldSchema).nullish() })),
});
const successSchema = z.object({ success: z.literal(true) });

/** Look after the subscriptions of one app and its accounts, through Graph. */
export function createMetaSubscriptions({ appId, appSecret, baseUrls }: MetaSettings): MetaSubscriptions {
	const transports = new Map<string, Transport & { close(): Promise<void> }>();
	const transportOf = (accessToken: string) => {
		const known = transports.get(accessToken) ?? createUndiciTransport({ accessToken, baseUrls });
		transports.set(accessToken, known);
		return known;
	};

	async function ask<Answer>(
		token: string,
		request: GraphRequest,
		schema: z.ZodType<Answer>,
		what: string,
	): Promise<Answer> {
		const response = await transportOf(token).send({ ...request, version: DEFAULT_GRAPH_VERSION });
		if (response.status >= 400) throw classifyError(response, { what, secrets: [token] });
		const reading = schema.safeParse(parseJson(response.text, what, [token]));
		if (reading.success) return reading.data;
		throw new InsightsError('answer-unreadable', `${what}: Meta's answer has another shape`, {
			advice: 'Try again; if it stays so, Meta has changed this endpoint.',
			cause: reading.error,
		});
	}

	function appToken(): { token: string; path: string } {
		if (appId === undefined || appSecret === undefined) throw new TypeError('META_APP_ID is not set');
		return { token: `${appId}|${appSecret}`, path: `/${appId}/subscriptions` };
	}
	const accountRequest = ({ host, node }: MetaAccount) => ({ host, path: `/${node}/subscribed_apps`, query: {} });

	return {
		async readApp() {
			const { token, path } = appToken();
			const request = { method: 'GET', host: 'graph.facebook.com', path, query: {} } as const;
			const { data } = await ask(token, request, appAnswerSchema, "the app's subscriptions");
			const row = data.find(({ object }) => object === 'instagram');
			return row === undefined
				? null
				: { callbackUrl: row.callback_url ?? '', active: row.active ?? true, fields: row.fields ?? [] };
		},
		async writeApp({ url, verifyToken, fields }) {
			const { token, path } = appToken();
			const body = {
				object: 'instagram',
				callback_url: url,
				verify_token: verifyToken,
				fields: fields.join(','),
				// Without the values only the names of changed fields would arrive.
				include_values: 'true',
			};
			const request = { method: 'POST', host: 'graph.facebook.com', path, query: {}, body } as const;
			await ask(token, request, successSchema, "setting the app's callback");
		},
		async readAccount(account) {
			const request = { method: 'GET', ...accountRequest(account) } as const;
			const { data } = await ask(account.token, request, accountAnswerSchema, `the subscription of ${account.name}`);
			return data.flatMap((app) => app.subscribed_fields ?? []);
		},
		async writeAccount(account, fields) {
			const body = { subscribed_fields: fields.join(',') };
			const request = { method: 'POST', ...accountRequest(account), body } as const;
			await ask(account.token, request, successSchema, `subscribing ${account.name}`);
		},
		async removeAccount(account) {
			const request = { method: 'DELETE', ...accountRequest(account) } as const;
			await ask(account.token, request, successSchema, `unsubscribing ${account.name}`);
		},
		async close() {
			await Promise.all([...transports.values()].map((transport) => transport.close()));
		},
	};
}
