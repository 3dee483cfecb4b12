import { z } from 'zod/v4';
import { DEFAULT_GRAPH_VERSION } from '../catalog/graph-version.ts';
import type { Host, LoginType } from '../catalog/host.ts';
import { PAGE_SUBSCRIPTION_FIELD, type SubscriptionNames, subscriptionNames } from '../catalog/webhook-field.ts';
import { InsightsError, type InsightsErrorKind, isInsightsError } from '../insights-error.ts';
import type { QuestionOptions } from './client-context.ts';
import { refusedMetrics } from './narrow-refusal.ts';
import type { Clock, Transport } from './ports.ts';
import { type AskedRequest, createSession, type RequestInfo, type Session } from './session/session.ts';

/** Transport and clock are required; everything else has a default. */
export type SubscriptionOptions = {
	/** Uses the token of what is subscribed: the app, the account or the Page. */
	readonly transport: Transport;
	readonly clock: Clock;
	/** Values that must not appear in an error, whatever they look like: the token. */
	readonly secrets?: readonly string[] | undefined;
	readonly graphVersion?: string | undefined;
	/** Longest wait for a used-up call limit, in milliseconds; 0 by default. */
	readonly patienceMs?: number | undefined;
	readonly random?: (() => number) | undefined;
	readonly onRequest?: ((info: RequestInfo) => void) | undefined;
};

/** Where the app's events of one object go. */
export type AppSubscription = {
	readonly object: string;
	readonly callbackUrl: string;
	/** Meta turns off a callback that fails for too long. */
	readonly active: boolean;
	readonly fields: readonly string[];
};

/** The fields Meta subscribed, and those it did not. Report `leftOut` to the user: those fields send nothing. */
export type Subscribed = { readonly fields: readonly string[]; readonly leftOut: readonly string[] };

/**
 * The app's callback URL for the object `instagram` and its fields: layers one and two of a subscription, on
 * graph.facebook.com with the app's token. All methods throw an {@link InsightsError}.
 */
export type AppSubscriptions = {
	/** One entry for each object. */
	read(options?: QuestionOptions): Promise<readonly AppSubscription[]>;
	/** Meta calls the URL with the verify token before it answers. */
	write(wanted: CallbackSubscription, options?: QuestionOptions): Promise<Subscribed>;
	/** Stop the events of Instagram. Other objects keep theirs. */
	remove(options?: QuestionOptions): Promise<void>;
};

/** Where the app's events go, and which fields it gets. */
export type CallbackSubscription = {
	readonly callbackUrl: string;
	readonly verifyToken: string;
	readonly fields: readonly string[];
};

/** Layer three: what one account sends to the app of its token. All methods throw an {@link InsightsError}. */
export type AccountSubscription = {
	/** The fields it sends; null: it is not subscribed. */
	read(options?: QuestionOptions): Promise<readonly string[] | null>;
	/** Replace the subscribed fields. A Page takes fields of Pages, preferably `feed`. */
	write(fields: readonly string[], options?: QuestionOptions): Promise<Subscribed>;
	remove(options?: QuestionOptions): Promise<void>;
};

/** An account as `/{node}/subscribed_apps` knows it. */
export type SubscribedNode = {
	readonly login: LoginType;
	/** The account's id or `me` with Instagram and Unified Login; the id of its Page, or `me`, with Facebook Login. */
	readonly node: string;
	/** The account's name, to begin error messages with. */
	readonly name: string;
};

const HOST_OF: Readonly<Record<LoginType, Host>> = {
	instagram: 'graph.instagram.com',
	facebook: 'graph.facebook.com',
	unified: 'graph.facebook.com',
};

/** Fields come as names, or as objects with name and version. */
const fieldSchema = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const AppAnswer = z.object({
	data: z.array(
		z.object({
			object: z.string(),
			callback_url: z.string().nullish(),
			active: z.boolean().nullish(),
			fields: z.array(fieldSchema).nullish(),
		}),
	),
});
const AccountAnswer = z.object({ data: z.array(z.object({ subscribed_fields: z.array(fieldSchema).nullish() })) });
const Success = z.object({ success: z.literal(true, { error: 'Meta did not confirm it' }) });
const PageToken = z.object({ access_token: z.string().min(1) });

/** Read, write and remove the callback URL of one app. */
export function createAppSubscriptions(appId: string, options: SubscriptionOptions): AppSubscriptions {
	const { session, asked } = open('graph.facebook.com', options);
	const path = `/${appId}/subscriptions`;
	return {
		async read(question) {
			const request: AskedRequest = { method: 'GET', path, query: {} };
			const { data } = await session.ask(request, AppAnswer, asked('callback URLs of the app', question));
			return data.data.map(({ object, callback_url, active, fields }) => ({
				object,
				callbackUrl: callback_url ?? '',
				active: active !== false,
				fields: fields ?? [],
			}));
		},
		async write({ callbackUrl, verifyToken, fields }, question) {
			const what = asked('registering the callback URL', question);
			const send = async (names: readonly string[]) => {
				const body = {
					object: 'instagram',
					callback_url: callbackUrl,
					verify_token: verifyToken,
					fields: names.join(','),
					// Without the values only the names of changed fields would arrive.
					include_values: 'true',
				};
				const secrets = [...what.secrets, verifyToken];
				await session.ask({ method: 'POST', path, query: {}, body }, Success, { ...what, secrets });
			};
			return await subscribe(subscriptionNames(fields, undefined), send).catch((error: unknown) => {
				throw isUnverified(error) ? unverified(callbackUrl, error) : error;
			});
		},
		async remove(question) {
			const request: AskedRequest = { method: 'DELETE', path, query: { object: 'instagram' } };
			await session.ask(request, Success, asked('removing the callback URL', question));
		},
	};
}

/** Read, write and remove the subscription of one account. */
export function createAccountSubscription(account: SubscribedNode, options: SubscriptionOptions): AccountSubscription {
	const { login, node, name } = account;
	const { session, asked } = open(HOST_OF[login], options);
	const path = `/${node}/subscribed_apps`;
	return {
		async read(question) {
			const request: AskedRequest = { method: 'GET', path, query: {} };
			const { data } = await session.ask(request, AccountAnswer, asked(`the subscription of ${name}`, question));
			// A token sees only its own app.
			return data.data.length === 0 ? null : data.data.flatMap((app) => app.subscribed_fields ?? []);
		},
		async write(fields, question) {
			// Facebook Login subscribes a Page, which has other fields, some under the same names.
			const wanted = login === 'facebook' ? { names: fields, leftOut: [] } : subscriptionNames(fields, login);
			return await subscribe(wanted, async (names) => {
				const request: AskedRequest = { method: 'POST', path, query: { subscribed_fields: names.join(',') } };
				await session.ask(request, Success, asked(`subscribing ${name}`, question));
			});
		},
		async remove(question) {
			const request: AskedRequest = { method: 'DELETE', path, query: {} };
			await session.ask(request, Success, asked(`unsubscribing ${name}`, question));
		},
	};
}

/** The Page's own token, the only one that can subscribe the Page. Never log or show it. */
export async function readPageToken(pageId: string, options: SubscriptionOptions): Promise<string> {
	const { session, asked } = open('graph.facebook.com', options);
	const request: AskedRequest = { method: 'GET', path: `/${pageId}`, query: { fields: 'access_token' } };
	return (await session.ask(request, PageToken, asked(`token of the Page ${pageId}`))).data.access_token;
}

function open(host: Host, options: SubscriptionOptions) {
	const { transport, clock, onRequest, secrets = [], patienceMs = 0, random = Math.random } = options;
	const graphVersion = options.graphVersion ?? DEFAULT_GRAPH_VERSION;
	const session: Session = createSession({
		host,
		transport,
		clock,
		graphVersion,
		random,
		patienceMs,
		maxAttempts: 3,
		onRequest,
	});
	const asked = (what: string, { signal }: QuestionOptions = {}) => ({ what, signal, secrets });
	return { session, asked };
}

/**
 * Subscribe to the fields Meta accepts. One refused name fails the whole request, so it is left out and the rest is sent
 * again.
 */
async function subscribe(
	wanted: SubscriptionNames,
	send: (names: readonly string[]) => Promise<void>,
): Promise<Subscribed> {
	let names = wanted.names;
	const leftOut = [...wanted.leftOut];
	if (names.length === 0) throw nothingLeft(leftOut);
	for (;;) {
		try {
			await send(names);
			return { fields: names, leftOut };
		} catch (error) {
			const refused = refusedNames(names, error);
			if (refused.length === 0) throw error;
			leftOut.push(...refused);
			names = names.filter((name) => !refused.includes(name));
			if (names.length === 0) throw nothingLeft(leftOut, error);
		}
	}
}

/** `(#100) Param subscribed_fields[1] must be one of {COMMENTS, …} - got "x".` */
const REFUSAL = /fields\[(\d+)\] must be one of \{([^}]*)\}(?:.*?got "([^"]*)")?/is;

/**
 * The names a refusal is about: those missing from its list, or the one it points at if the list is cut off. Without a
 * list, those in its text; none if that is all of them.
 */
function refusedNames(names: readonly string[], error: unknown): readonly string[] {
	const [, index, list, got] = REFUSAL.exec((isInsightsError(error) && error.graph?.message) || '') ?? [];
	if (index === undefined || list === undefined) return namesInText(names, error);
	const pointedAt = names.find((name) => name === got) ?? names[Number(index)];
	const taken = list.split(',').map((name) => name.replace(/["'\s]/g, '').toLowerCase());
	const known = names.filter((name) => taken.includes(name));
	if (known.length > 0 && known.length < names.length) return names.filter((name) => !known.includes(name));
	return pointedAt === undefined ? [] : [pointedAt];
}

/** A missing permission is none of these: the field would come once it is granted. */
const OF_A_NAME: readonly InsightsErrorKind[] = ['invalid-query', 'unsupported-field', 'unknown'];

function namesInText(names: readonly string[], error: unknown): readonly string[] {
	if (!isInsightsError(error) || !OF_A_NAME.includes(error.kind)) return [];
	const named = refusedMetrics(error, names);
	return named.length < names.length ? named : [];
}

function nothingLeft(leftOut: readonly string[], cause?: unknown): InsightsError {
	const graph = isInsightsError(cause) ? cause.graph : undefined;
	return new InsightsError('invalid-query', `Meta sends none of these fields with this login: ${leftOut.join(', ')}`, {
		advice: `Choose other fields: docs/webhook-fields.md lists the fields of each login. For a Page (Facebook Login), subscribe to "${PAGE_SUBSCRIPTION_FIELD}": all events of its Instagram account then come through.`,
		...(graph === undefined ? {} : { graph }),
		...(cause === undefined ? {} : { cause }),
	});
}

/** Meta calls the URL while registering it. Code 2200 means that this call failed. */
function isUnverified(error: unknown): error is InsightsError {
	return isInsightsError(error) && error.graph?.code === 2200;
}

function unverified(callbackUrl: string, error: InsightsError): InsightsError {
	return new InsightsError('unknown', `Meta could not verify the callback URL ${callbackUrl.split(/[?#]/, 1)[0]}`, {
		advice:
			'Make sure that the receiver is running with this verify token, and that Meta can reach it from the internet over HTTPS with a valid certificate.',
		...(error.graph ? { graph: error.graph } : {}),
		cause: error,
	});
}
