import type { INodeProperties } from 'n8n-workflow';
import { AUTHENTICATIONS } from '../graph/authentication';

/** Which login the token comes from. It decides the credential, the host, and a few of the metrics. */
export const authenticationParameter: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	options: Object.entries(AUTHENTICATIONS).map(([value, { name, description }]) => ({ name, value, description })),
	default: 'instagramLogin',
	description: 'How the owner of the account signed in',
	displayOptions: { hide: { resource: ['metric'] } },
};
