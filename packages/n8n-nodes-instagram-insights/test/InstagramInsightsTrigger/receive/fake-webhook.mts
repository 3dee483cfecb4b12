import { EventEmitter } from 'node:events';
import { signWebhook } from '@instagram-insights/core/testing';
import {
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type IWebhookFunctions,
	type IWebhookResponseData,
	NodeHelpers,
} from 'n8n-workflow';
import { InstagramInsightsTrigger } from '../../../nodes/InstagramInsightsTrigger/InstagramInsightsTrigger.node';
import { answerWebhook } from '../../../nodes/InstagramInsightsTrigger/receive/answerWebhook';
import {
	createDeliveryMemory,
	type DeliveryMemory,
} from '../../../nodes/InstagramInsightsTrigger/receive/deliveryMemory';

export const APP_SECRET = 'fb-app-secret-sandbox';
export const INSTAGRAM_APP_SECRET = 'ig-app-secret-sandbox';
export const RELAY_SECRET = `whsec_${Buffer.from('twenty-four random bytes').toString('base64')}`;

export const CREDENTIAL: ICredentialDataDecryptedObject = {
	appId: '2002',
	appSecret: APP_SECRET,
	instagramAppSecret: INSTAGRAM_APP_SECRET,
	verifyToken: 'open sesame',
	relaySecret: RELAY_SECRET,
	baseUrl: 'https://graph.facebook.com',
};

export function triggerNode(id = 'node-1'): INode {
	const type = 'n8n-nodes-instagram-insights.instagramInsightsTrigger';
	return { id, name: 'Instagram Insights Trigger', type, typeVersion: 1, position: [0, 0], parameters: {} };
}

export type FakeRequest = {
	readonly name?: 'setup' | 'default';
	readonly query?: Readonly<Record<string, unknown>>;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Uint8Array;
	readonly parameters?: INodeParameters;
	readonly credential?: ICredentialDataDecryptedObject;
	/** The editor waits for a test event. */
	readonly listening?: boolean;
	/** Static data of the node before and after. */
	readonly staticData?: IDataObject;
	readonly memory?: DeliveryMemory;
	readonly node?: INode;
};

export type FakeExchange = {
	readonly result: IWebhookResponseData;
	/** What the node itself answered; status 0 when it left that to n8n. */
	readonly answer: { status: number; contentType: string; text: string; headers: Record<string, string> };
	readonly items: readonly INodeExecutionData[];
	readonly log: readonly string[];
	/** What Express does once the sender has its answer, or is gone. */
	end(outcome: 'answered' | 'failed' | 'hung-up'): void;
};

/** One request to the trigger's URL, in as much of n8n's webhook context as the node uses. */
export async function request(options: FakeRequest): Promise<FakeExchange> {
	const answer = { status: 0, contentType: '', text: '', headers: {} as Record<string, string> };
	const log: string[] = [];
	const { description } = new InstagramInsightsTrigger();
	const node = options.node ?? triggerNode();
	const parameters = NodeHelpers.getNodeParameters(
		description.properties,
		options.parameters ?? {},
		true,
		false,
		node,
		description,
	);
	const response = Object.assign(new EventEmitter(), {
		statusCode: 200,
		status(code: number) {
			response.statusCode = code;
			answer.status = code;
			return response;
		},
		type(contentType: string) {
			answer.contentType = contentType;
			return response;
		},
		set(header: string, value: string) {
			answer.headers[header] = value;
			return response;
		},
		send(text: string) {
			answer.text = text;
			return response;
		},
		end: () => undefined,
	});
	const context = {
		getNode: () => node,
		getWorkflow: () => ({ id: 'workflow-1', name: 'Workflow', active: true }),
		getMode: () => (options.listening === true ? 'manual' : 'webhook'),
		getWebhookName: () => options.name ?? 'default',
		getNodeParameter: (name: string, fallback?: unknown) => parameters?.[name] ?? fallback,
		getCredentials: async () => options.credential ?? CREDENTIAL,
		getQueryData: () => options.query ?? {},
		getRequestObject: () => ({ headers: options.headers ?? {}, rawBody: options.body }),
		getResponseObject: () => response,
		getWorkflowStaticData: () => options.staticData ?? {},
		logger: { warn: (message: string) => log.push(message), error: (message: string) => log.push(message) },
	};
	const memory = options.memory ?? createDeliveryMemory();
	const result = await answerWebhook(context as unknown as IWebhookFunctions, memory);
	return {
		result,
		answer,
		items: result.workflowData?.[0] ?? [],
		log,
		end(outcome) {
			if (outcome === 'failed') response.statusCode = 500;
			if (outcome !== 'hung-up') response.emit('finish');
			response.emit('close');
		},
	};
}

export const ACCOUNT = '17841405309211844';

/** A comment on a post, in the envelope of a webhook. */
export function comment(id: string, text = 'Lindo! \u2764 caf\u00e9?', account = ACCOUNT): IDataObject {
	const from = { id: '1009876543210987', username: 'ana.souza' };
	const media = { id: '17918195224117851', media_product_type: 'FEED' };
	return {
		object: 'instagram',
		entry: [{ id: account, time: 1764551000, changes: [{ field: 'comments', value: { id, text, from, media } }] }],
	};
}

/** Changes of one account, in the envelope of a webhook. */
export function changes(...list: IDataObject[]): IDataObject {
	return { object: 'instagram', entry: [{ id: ACCOUNT, time: 1764551000, changes: list }] };
}

/** A post as Meta sends it, signed with the Instagram app's secret unless another one is given. */
export function post(payload: unknown, more: FakeRequest = {}, secret = INSTAGRAM_APP_SECRET) {
	const { body, headers } = signWebhook(payload, secret);
	return request({ body, headers, ...more });
}
