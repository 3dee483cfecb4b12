import { DEFAULT_GRAPH_VERSION } from '@instagram-insights/core/internal';
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { TEMPORARY_PROBLEMS, whenAnswerHas } from './credentialTests';
import { addressExpression, baseUrlParameters, DASHBOARD, notice } from './formParts';

const WRONG_PAIR =
	'Meta does not accept this App ID and App Secret together. Copy both from the App Dashboard under App settings > Basic.';

const NOT_GRAPH =
	'The response did not come from the Graph API. Check the Base URL, and check for a proxy or firewall between n8n and Meta.';

const META = 'https://graph.facebook.com';
const FROM_META = ['instagramLogin', 'facebookLogin'];

const APP_SECRET: INodeProperties = {
	displayName: 'App Secret',
	name: 'appSecret',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description:
		'Meta signs events of Facebook Login with this secret, and registering the callback URL needs it. While you change the secret, enter the new and the old one, separated by a comma.',
};

const APP_ID: INodeProperties = {
	displayName: 'App ID',
	name: 'appId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 1234567890123456',
	description: 'ID of the Meta app, from the App Dashboard under App settings > Basic',
};

const IN_INSTAGRAM = `Instagram App Secret: in Meta's ${DASHBOARD}, open Instagram > API setup with Instagram login and show the Instagram app secret.`;
const IN_APP = `App Secret: in Meta's ${DASHBOARD}, open App settings > Basic and show the App secret.`;
const VERIFY = 'Verify Token: make up a word that is hard to guess. Enter the same word next to the callback URL';
const IN_RELAY =
	"Relay Secret: on the relay's dashboard, choose Add workflow and copy the secret it shows. It begins with whsec_.";

/** Where to find each value. */
const NOTICES = Object.entries({
	instagramLogin: [IN_INSTAGRAM, `${VERIFY} under Configure webhooks.`],
	facebookLogin: [IN_APP, `${VERIFY} under Webhooks, object Instagram.`],
	relay: [IN_RELAY],
	several: [IN_INSTAGRAM, IN_APP, `${VERIFY}.`, IN_RELAY],
}).map(([from, lines]) => notice(`${from}Notice`, lines, { show: { eventsFrom: [from] } }));

/**
 * What a Meta app and a webhook relay share with the trigger: the secrets that prove where an event comes from, the
 * verify token of the handshake, and the app's own access token (app ID and app secret) to register the callback URL.
 *
 * No field is required, because each sender needs different ones. The trigger says which one is missing.
 */
export class InstagramInsightsWebhookApi implements ICredentialType {
	name = 'instagramInsightsWebhookApi';

	displayName = 'Instagram Insights Webhook API';

	documentationUrl =
		'https://github.com/instagram-insights/instagram-insights/blob/main/packages/n8n-nodes-instagram-insights/README.md#webhooks';

	icon: Icon = { light: 'file:../icons/instagramInsights.svg', dark: 'file:../icons/instagramInsights.dark.svg' };

	/** It holds app secrets, so no HTTP Request node may use it. n8n before 2.40 ignores this. */
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
			description: 'Who sends the events to the trigger',
		},
		...NOTICES,
		{
			displayName: 'Instagram App Secret',
			name: 'instagramAppSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Meta signs events of Instagram Login with this secret. It is not the App Secret. While you change the secret, enter the new and the old one, separated by a comma.',
			displayOptions: { show: { eventsFrom: ['instagramLogin', 'several'] } },
		},
		{ ...APP_SECRET, displayOptions: { show: { eventsFrom: ['facebookLogin', 'several'] } } },
		{
			displayName: 'Verify Token',
			name: 'verifyToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Meta sends this word when it checks the callback URL, and n8n compares it with yours',
			displayOptions: { show: { eventsFrom: [...FROM_META, 'several'] } },
		},
		{
			displayName: 'Register Automatically',
			name: 'registersItself',
			type: 'boolean',
			default: false,
			description:
				'Whether a trigger with Registration set to Automatic uses this credential. It needs the App ID and the App Secret.',
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
				'The webhook relay signs each delivery with this secret. While you change the secret, enter the new and the old one, separated by a comma.',
			displayOptions: { show: { eventsFrom: ['relay', 'several'] } },
		},
		...baseUrlParameters(META),
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
	 * Asks for `/me`, which an app does not have. Graph answers code 2500 both to an app with the right secret and to a call
	 * without a token, as with a relay secret alone. An App ID and App Secret that do not belong together get code 190.
	 *
	 * The rules see the body only, never the HTTP status, and each compares one member with one value. The trace ID is the
	 * member that every Graph error has and no foreign response.
	 *
	 * Source: `/me` with an app's token, https://github.com/node-facebook/facebook-node-sdk/issues/149
	 */
	test: ICredentialTestRequest = {
		request: {
			baseURL: addressExpression(META),
			url: `/${DEFAULT_GRAPH_VERSION}/me/media`,
			ignoreHttpStatusErrors: true,
		},
		rules: [
			...[190, 101, 102, 104].map((code) => whenAnswerHas('error.code', code, WRONG_PAIR)),
			...TEMPORARY_PROBLEMS,
			whenAnswerHas('error.fbtrace_id', undefined, NOT_GRAPH),
		],
	};
}
