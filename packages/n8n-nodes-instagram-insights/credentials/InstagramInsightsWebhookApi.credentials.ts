import { DEFAULT_GRAPH_VERSION } from '@instagram-insights/core/internal';
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { PASSING_TROUBLE, whenAnswerHas } from './credentialTests';

const WRONG_PAIR =
	'Meta does not accept the App ID together with the App Secret. Both stand in the App Dashboard under App settings > Basic.';

const NOT_GRAPH =
	'The answer is not one of the Graph API. Check the Base URL, and whether a proxy or firewall stands between this n8n and Meta.';

const META = 'https://graph.facebook.com';
const FROM_META = ['instagramLogin', 'facebookLogin'];
const DASHBOARD = '<a href="https://developers.facebook.com/apps/" target="_blank">App Dashboard of Meta</a>';

const APP_SECRET: INodeProperties = {
	displayName: 'App Secret',
	name: 'appSecret',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description:
		'From the App Dashboard under App settings > Basic. Meta signs events of Facebook Login with it. Several secrets are separated by commas; the first one registers the callback URL.',
};

const APP_ID: INodeProperties = {
	displayName: 'App ID',
	name: 'appId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 1234567890123456',
	description: 'ID of the Meta app, from the App Dashboard under App settings > Basic',
};

const IN_INSTAGRAM = `Instagram App Secret: in the ${DASHBOARD} under Instagram > API setup with Instagram login, beside Instagram app secret (Show).`;
const IN_APP = `App Secret: in the ${DASHBOARD} under App settings > Basic (Show).`;
const VERIFY = 'Verify Token: make up a word, and enter the same one in the App Dashboard beside the callback URL';
const IN_RELAY =
	'Relay Secret: the secret of this workflow in the relay. It begins with whsec_ and stands where the workflow was added as a subscriber.';

/** Where each value is found, in sight and not only when the mouse is over a question mark. */
const NOTICES = Object.entries({
	instagramLogin: [IN_INSTAGRAM, `${VERIFY}, under Configure webhooks.`],
	facebookLogin: [IN_APP, `${VERIFY}, under Webhooks with the object Instagram.`],
	relay: [IN_RELAY],
	several: [IN_INSTAGRAM, IN_APP, `${VERIFY}.`, IN_RELAY],
}).map(
	([from, lines]): INodeProperties => ({
		displayName: `<ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`,
		name: `${from}Notice`,
		type: 'notice',
		default: '',
		displayOptions: { show: { eventsFrom: [from] } },
	}),
);

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
			displayName: 'Events Come From',
			name: 'eventsFrom',
			type: 'options',
			options: [
				{ name: 'Meta with Instagram Login', value: 'instagramLogin' },
				{ name: 'Meta with Facebook Login', value: 'facebookLogin' },
				{ name: 'Webhook Relay', value: 'relay' },
				{ name: 'Several of These', value: 'several' },
			],
			default: 'instagramLogin',
			description: 'Who sends the events. It decides which secrets are needed.',
		},
		...NOTICES,
		{
			displayName: 'Instagram App Secret',
			name: 'instagramAppSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'From the App Dashboard under Instagram > API setup with Instagram login. Meta signs events of Instagram Login with this one, which differs from the App Secret. Several secrets are separated by commas.',
			displayOptions: { show: { eventsFrom: ['instagramLogin', 'several'] } },
		},
		{ ...APP_SECRET, displayOptions: { show: { eventsFrom: ['facebookLogin', 'several'] } } },
		{
			displayName: 'Verify Token',
			name: 'verifyToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'A word of your own that is hard to guess. Enter the same one in the App Dashboard beside the callback URL: Meta shows it when it checks the URL.',
			displayOptions: { show: { eventsFrom: [...FROM_META, 'several'] } },
		},
		{
			displayName: 'Register Automatically',
			name: 'registersItself',
			type: 'boolean',
			default: false,
			description:
				'Whether triggers with Registration set to Automatic use this credential. They need the App ID and the App Secret.',
			displayOptions: { show: { eventsFrom: FROM_META } },
		},
		{ ...APP_ID, displayOptions: { show: { eventsFrom: FROM_META, registersItself: [true] } } },
		{ ...APP_ID, displayOptions: { show: { eventsFrom: ['several'] } } },
		{ ...APP_SECRET, displayOptions: { show: { eventsFrom: ['instagramLogin'], registersItself: [true] } } },
		{
			displayName: 'Relay Secret',
			name: 'relaySecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Secret that the webhook relay signs with: whsec_ and what follows. While a secret is being changed, enter the new and the old one, separated by a comma.',
			displayOptions: { show: { eventsFrom: ['relay', 'several'] } },
		},
		{
			displayName: 'Use Another Base URL',
			name: 'changesBaseUrl',
			type: 'boolean',
			default: false,
			description: 'Whether a proxy or a test server stands in for Meta',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: META,
			placeholder: 'e.g. https://graph.facebook.com',
			description: 'Where the app is registered',
			displayOptions: { show: { changesBaseUrl: [true] } },
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
			baseURL: `={{$credentials.baseUrl || "${META}"}}`,
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
