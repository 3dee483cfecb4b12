import {
	type IAuthenticateGeneric,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	NodeHelpers,
} from 'n8n-workflow';
import { InstagramInsightsApi } from '../credentials/InstagramInsightsApi.credentials';
import { InstagramInsightsFacebookApi } from '../credentials/InstagramInsightsFacebookApi.credentials';
import { InstagramInsights } from '../nodes/InstagramInsights/InstagramInsights.node';

/** An HTTP answer as n8n's helper gives it with `returnFullResponse`. */
export type HelperAnswer = { statusCode: number; headers: Record<string, string>; body: string };

/** How requests are answered: by a script, or by a server. */
export type Answerer = (request: IHttpRequestOptions & { credentialType: string }) => Promise<HelperAnswer>;

export type FakeExecution = {
	readonly context: IExecuteFunctions;
	/** Every request the node made, as it was given to n8n's helper. */
	readonly requests: (IHttpRequestOptions & { credentialType: string })[];
	readonly hints: string[];
};

export type FakeExecutionOptions = {
	/** One entry an input item. What is left out has the panel's default. */
	readonly items: readonly INodeParameters[];
	readonly answer?: Answerer;
	readonly credentials?: Readonly<Record<string, ICredentialDataDecryptedObject>>;
	readonly continueOnFail?: boolean;
	readonly timeZone?: string;
	readonly signal?: AbortSignal;
	/** Contexts of older n8n lack some members. */
	readonly withoutHints?: boolean;
	/** The panel that the node has as a tool of an AI agent. */
	readonly asTool?: boolean;
};

export const NODE: INode = {
	id: 'node-1',
	name: 'Instagram Insights',
	type: 'n8n-nodes-instagram-insights.instagramInsights',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

const CREDENTIALS: Readonly<Record<string, ICredentialDataDecryptedObject>> = {
	instagramInsightsApi: { accessToken: 'IGAA-sandbox-bakery', baseUrl: 'https://graph.instagram.com' },
	instagramInsightsFacebookApi: {
		accessToken: 'EAA-sandbox-bakery',
		appSecret: '',
		baseUrl: 'https://graph.facebook.com',
	},
};

/** As much of n8n's execution context as the node uses; parameters get the defaults n8n would give them. */
export function fakeExecution(options: FakeExecutionOptions): FakeExecution {
	const requests: FakeExecution['requests'] = [];
	const hints: string[] = [];
	const node = new InstagramInsights();
	const parameters = options.items.map((item) => withDefaults(node, item, options.asTool));
	const credentials = { ...CREDENTIALS, ...options.credentials };
	const context = {
		getInputData: () => options.items.map((): INodeExecutionData => ({ json: {} })),
		getNode: () => NODE,
		getNodeParameter: (name: string, index: number, fallback?: unknown) => parameters[index]?.[name] ?? fallback,
		getTimezone: () => options.timeZone ?? 'Europe/Berlin',
		getCredentials: async (type: string) => credentials[type],
		getExecutionCancelSignal: () => options.signal,
		continueOnFail: () => options.continueOnFail ?? false,
		...(options.withoutHints
			? {}
			: { addExecutionHints: (...added: { message: string }[]) => hints.push(...added.map(({ message }) => message)) }),
		helpers: {
			prepareBinaryData: async (data: Buffer, fileName: string, mimeType: string) => ({
				data: data.toString('base64'),
				fileName,
				mimeType,
			}),
			async httpRequestWithAuthentication(credentialType: string, request: IHttpRequestOptions) {
				requests.push({ ...request, credentialType });
				if (options.answer === undefined) throw new Error('this test answers no requests');
				return await options.answer({ ...request, credentialType });
			},
		},
	};
	return { context: context as unknown as IExecuteFunctions, requests, hints };
}

/** Run the node and give its items. */
export async function runNode(options: FakeExecutionOptions): Promise<FakeExecution & { items: INodeExecutionData[] }> {
	const execution = fakeExecution(options);
	const [items = []] = await new InstagramInsights().execute.call(execution.context);
	return { ...execution, items };
}

function withDefaults({ description }: INodeType, given: INodeParameters, asTool = false): INodeParameters {
	// n8n knows a tool by the end of its name.
	const panel = asTool ? { ...description, name: `${description.name}Tool` } : description;
	return NodeHelpers.getNodeParameters(panel.properties, given, true, false, NODE, panel) ?? {};
}

/** Answers from a server, with the credential's own authentication added as n8n would. */
export function answeredBy(
	urls: { instagramUrl: string; facebookUrl: string },
	tokens: { instagram: string; facebook: string },
): {
	answer: Answerer;
	credentials: Readonly<Record<string, ICredentialDataDecryptedObject>>;
} {
	const credentials: Record<string, ICredentialDataDecryptedObject> = {
		instagramInsightsApi: { accessToken: tokens.instagram, baseUrl: urls.instagramUrl },
		instagramInsightsFacebookApi: { accessToken: tokens.facebook, appSecret: '', baseUrl: urls.facebookUrl },
	};
	const types: Record<string, ICredentialType> = {
		instagramInsightsApi: new InstagramInsightsApi(),
		instagramInsightsFacebookApi: new InstagramInsightsFacebookApi(),
	};
	return {
		credentials,
		async answer({ credentialType, ...request }) {
			const signed = await authenticated(types[credentialType], credentials[credentialType] ?? {}, request);
			const url = new URL(signed.url);
			for (const [name, value] of Object.entries(signed.qs ?? {})) url.searchParams.set(name, String(value));
			const response = await fetch(url, {
				method: signed.method ?? 'GET',
				headers: signed.headers as Record<string, string>,
				...(signed.body === undefined ? {} : { body: new URLSearchParams(signed.body as Record<string, string>) }),
			});
			return {
				statusCode: response.status,
				headers: Object.fromEntries(response.headers),
				body: await response.text(),
			};
		},
	};
}

async function authenticated(
	type: ICredentialType | undefined,
	credentials: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	if (typeof type?.authenticate === 'function') return await type.authenticate(credentials, request);
	const generic = type?.authenticate as IAuthenticateGeneric | undefined;
	const headers = generic?.properties.headers ?? {};
	const filled = Object.entries(headers).map(([name, value]) => [
		name,
		String(value)
			.replace(/^=/, '')
			.replace('{{$credentials.accessToken.trim()}}', String(credentials.accessToken).trim()),
	]);
	return { ...request, headers: { ...request.headers, ...Object.fromEntries(filled) } };
}
