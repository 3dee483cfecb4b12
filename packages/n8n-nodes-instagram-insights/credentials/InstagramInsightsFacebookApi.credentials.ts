import { createHmac } from 'node:crypto';
import { DEFAULT_GRAPH_VERSION } from '@instagram-insights/core/internal';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	Icon,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { FACEBOOK_PERMISSIONS, FACEBOOK_TEST } from './credentialTests';

/** An access token of the Instagram API with Facebook Login: of a user, a Page or, best because it never ends, a system user. */
export class InstagramInsightsFacebookApi implements ICredentialType {
	name = 'instagramInsightsFacebookApi';

	displayName = 'Instagram Insights Facebook Login API';

	documentationUrl =
		'https://github.com/instagram-insights/instagram-insights/blob/main/packages/n8n-nodes-instagram-insights/README.md#facebook-login-with-an-access-token';

	icon: Icon = { light: 'file:../icons/instagramInsights.svg', dark: 'file:../icons/instagramInsights.dark.svg' };

	httpRequestNode = {
		name: 'Instagram API with Facebook Login',
		docsUrl: 'https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login',
		apiBaseUrl: `https://graph.facebook.com/${DEFAULT_GRAPH_VERSION}/`,
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: `Token of a system user, a user or a Page that manages the Instagram account. It begins with EAA and needs the permissions ${FACEBOOK_PERMISSIONS}. A system user token does not expire.`,
		},
		{
			displayName: 'App Secret',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Only for apps that require a proof of the app secret with each call. It never leaves n8n.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://graph.facebook.com',
			required: true,
			placeholder: 'e.g. https://graph.facebook.com',
			description: 'Leave as it is, unless a proxy or a test server stands in for Meta',
		},
	];

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const accessToken = String(credentials.accessToken ?? '').trim();
		const appSecret = String(credentials.appSecret ?? '').trim();
		const signed: IHttpRequestOptions = {
			...requestOptions,
			headers: { ...requestOptions.headers, Authorization: `Bearer ${accessToken}` },
		};
		if (appSecret !== '') {
			const proof = createHmac('sha256', appSecret).update(accessToken).digest('hex');
			signed.qs = { ...requestOptions.qs, appsecret_proof: proof };
		}
		return signed;
	}

	test = FACEBOOK_TEST;
}
