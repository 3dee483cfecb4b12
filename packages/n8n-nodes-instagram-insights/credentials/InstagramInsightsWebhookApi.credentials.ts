import { DEFAULT_GRAPH_VERSION } from '@instagram-insights/core';
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { PASSING_TROUBLE, whenAnswerHas } from './testRules';

const WRONG_PAIR =
	'Meta does not accept the App ID together with the App Secret. Both stand in the App Dashboard under App settings > Basic.';

const NOT_GRAPH =
	'The answer is not one of the Graph API. Check the Base URL, and whether a proxy or firewall stands between this n8n and Meta.';

/**
 * What a Meta app and a webhook relay share with the trigger: the secrets that prove where an event comes from, the
 * handshake's token, and the app's own access token (app ID and app secret) for registering the callback URL.
 *
 * Nothing is required here, because each way of receiving needs other fields; the trigger says which one is missing.
 */
export class InstagramInsightsWebhookApi implements ICredentialType {
	name = 'instagramInsightsWebhookApi';

	displayName = 'Instagram Insights Webhook API';

	documentationUrl =
		'https://github.com/instagram-insights/instagram-insights/blob/main/packages/n8n-nodes-instagram-insights/README.md#webhooks';

	icon: Icon = { light: 'file:../icons/instagramInsights.svg', dark: 'file:../icons/instagramInsights.dark.svg' };

	/** It holds the secrets of an app: no HTTP Request node may send them elsewhere. n8n before 2.40 ignores this. */
	restrictToSupportedNodes = true as const;

	supportedNodes = ['instagramInsightsTrigger'];

	properties: INodeProperties[] = [
		{
			displayName: 'App ID',
			name: 'appId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1234567890123456',
			description: 'ID of the Meta app, from the App Dashboard under App settings > Basic',
		},
		{
			displayName: 'App Secret',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'From the App Dashboard under App settings > Basic. Meta signs events of Facebook Login with it. Several secrets are separated by commas; the first one registers the callback URL.',
		},
		{
			displayName: 'Instagram App Secret',
			name: 'instagramAppSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'From the App Dashboard under Instagram > API setup with Instagram login. Meta signs events of Instagram Login with this one, which differs from the App Secret. Several secrets are separated by commas.',
		},
		{
			displayName: 'Verify Token',
			name: 'verifyToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'A word of your own that is hard to guess. Enter the same one in the App Dashboard beside the callback URL: Meta shows it when it checks the URL.',
		},
		{
			displayName: 'Relay Secret',
			name: 'relaySecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Secret that the webhook relay signs with: whsec_ and what follows, from its subscribers file. While a secret is being changed, give the new and the old one, separated by a comma.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://graph.facebook.com',
			placeholder: 'e.g. https://graph.facebook.com',
			description: 'Where the app is registered. Leave as it is, unless a proxy or a test server stands in for Meta.',
		},
	];

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const appId = String(credentials.appId ?? '').trim();
		const [appSecret] = String(credentials.appSecret ?? '')
			.split(/[,\s]+/)
			.filter((secret) => secret !== '');
		if (appId === '' || appSecret === undefined) return requestOptions;
		return { ...requestOptions, headers: { ...requestOptions.headers, Authorization: `Bearer ${appId}|${appSecret}` } };
	}

	/**
	 * Asks for something that an app does not have. Graph refuses that with an error of its own both to an app with the
	 * right secret, which is no `me`, and to a call without a token, as with a relay's secret alone (code 2500 either way);
	 * a pair that does not belong together gets code 190 before.
	 *
	 * The rules see the body only, never the HTTP status, and each compares one member with one value. So it must be one
	 * member that every good answer has and no foreign one: the trace id in each of Graph's errors.
	 *
	 * Source: `/me` with an app's token, https://github.com/node-facebook/facebook-node-sdk/issues/149
	 */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: `/${DEFAULT_GRAPH_VERSION}/me/media`,
			ignoreHttpStatusErrors: true,
		},
		rules: [
			...[190, 101, 102, 104].map((code) => whenAnswerHas('error.code', code, WRONG_PAIR)),
			...PASSING_TROUBLE,
			whenAnswerHas('error.fbtrace_id', undefined, NOT_GRAPH),
		],
	};
}
