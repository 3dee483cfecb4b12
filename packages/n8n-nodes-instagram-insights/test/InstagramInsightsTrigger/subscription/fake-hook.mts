import {
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IDataObject,
	type IHookFunctions,
	type IHttpRequestOptions,
	type INodeParameters,
	NodeHelpers,
} from 'n8n-workflow';
import { InstagramInsightsApi } from '../../../credentials/InstagramInsightsApi.credentials';
import { InstagramInsightsFacebookApi } from '../../../credentials/InstagramInsightsFacebookApi.credentials';
import { InstagramInsightsWebhookApi } from '../../../credentials/InstagramInsightsWebhookApi.credentials';
import { InstagramInsightsTrigger } from '../../../nodes/InstagramInsightsTrigger/InstagramInsightsTrigger.node';
import { triggerNode } from '../receive/fake-webhook.mts';

export type FakeHook = {
	readonly parameters: INodeParameters;
	readonly credentials: Readonly<Record<string, ICredentialDataDecryptedObject>>;
	readonly webhookUrl: string;
	/** The editor waits for an event: `webhookUrl` is the test URL. */
	readonly listening?: boolean;
	readonly staticData?: IDataObject;
	readonly log?: string[];
};

const CREDENTIAL_TYPES: Readonly<Record<string, ICredentialType>> = {
	instagramInsightsApi: new InstagramInsightsApi(),
	instagramInsightsFacebookApi: new InstagramInsightsFacebookApi(),
	instagramInsightsWebhookApi: new InstagramInsightsWebhookApi(),
};

const METHODS = new InstagramInsightsTrigger().webhookMethods.default;

/** What n8n calls when a workflow is published or unpublished, with requests that really go out. */
export function lifecycle(hook: FakeHook) {
	const context = hookContext(hook);
	return {
		checkExists: () => METHODS.checkExists.call(context),
		create: () => METHODS.create.call(context),
		delete: () => METHODS.delete.call(context),
		/** As n8n does it: create only what does not exist. */
		async publish() {
			if (!(await METHODS.checkExists.call(context))) await METHODS.create.call(context);
		},
	};
}

function hookContext(hook: FakeHook): IHookFunctions {
	const { parameters, credentials, webhookUrl, listening = false, staticData = {}, log = [] } = hook;
	const [webhookId = ''] = webhookUrl.split('/').slice(-2);
	const node = { ...triggerNode(), webhookId };
	const { description } = new InstagramInsightsTrigger();
	const complete = NodeHelpers.getNodeParameters(description.properties, parameters, true, false, node, description);
	const context = {
		getNode: () => node,
		getWorkflow: () => ({ id: 'workflow-1', name: 'Workflow', active: true }),
		getMode: () => (listening ? 'manual' : 'trigger'),
		getNodeWebhookUrl: () => webhookUrl,
		getNodeParameter: (name: string, fallback?: unknown) => complete?.[name] ?? fallback,
		getWorkflowStaticData: () => staticData,
		getTimezone: () => 'Europe/Berlin',
		async getCredentials(type: string) {
			const found = credentials[type];
			if (found === undefined) throw new Error(`Node does not have any credentials set for "${type}"`);
			return found;
		},
		logger: { error: (message: string) => log.push(message), warn: (message: string) => log.push(message) },
		helpers: {
			httpRequest: (options: IHttpRequestOptions) => send(options),
			async httpRequestWithAuthentication(type: string, options: IHttpRequestOptions) {
				return await send(await authenticated(type, credentials[type] ?? {}, options));
			},
		},
	};
	return context as unknown as IHookFunctions;
}

async function authenticated(
	type: string,
	credentials: ICredentialDataDecryptedObject,
	options: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	const authenticate = CREDENTIAL_TYPES[type]?.authenticate;
	if (typeof authenticate === 'function') return await authenticate(credentials, options);
	return { ...options, headers: { ...options.headers, Authorization: `Bearer ${String(credentials.accessToken)}` } };
}

async function send({ method, url, qs, headers, body }: IHttpRequestOptions) {
	const target = new URL(url);
	for (const [name, value] of Object.entries(qs ?? {})) target.searchParams.set(name, String(value));
	const response = await fetch(target, {
		method: method ?? 'GET',
		headers: headers as Record<string, string>,
		...(body === undefined ? {} : { body: new URLSearchParams(body as Record<string, string>) }),
	});
	return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}
