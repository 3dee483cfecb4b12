import { appSecretProof, DEFAULT_GRAPH_VERSION } from '@instagram-insights/core/internal';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	Icon,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { FACEBOOK_PERMISSIONS, FACEBOOK_TEST } from './credentialTests';
import { baseUrlParameters, notice } from './formParts';

/** An access token of the Instagram API with Facebook Login, of a user, a Page or a system user, whose token never expires. */
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
		notice('howTo', [
			'In Meta\'s <a href="https://business.facebook.com/settings/system-users" target="_blank">Business settings</a>, open Users > System users. Give a system user your app and the Facebook Page of the Instagram account.',
			`Generate a token with the permissions ${FACEBOOK_PERMISSIONS}. Add business_management if a business portfolio owns the Page.`,
			'Unified Login: Meta documents only its webhooks. You can try its token here, with the account chosen by ID, but whether it can read insights is unknown.',
		]),
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'Token of a system user, a user or a Page that manages the Instagram account. It begins with EAA. The token of a system user does not expire.',
		},
		{
			displayName: 'App Secret',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Leave empty unless the app setting "Require App Secret" is on. n8n signs each request with it and never sends the secret itself.',
		},
		...baseUrlParameters('https://graph.facebook.com'),
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
			signed.qs = { ...requestOptions.qs, appsecret_proof: appSecretProof(accessToken, appSecret) };
		}
		return signed;
	}

	test = FACEBOOK_TEST;
}
