import { readWebhookSecret } from '@instagram-insights/core';
import { type IHookFunctions, NodeOperationError } from 'n8n-workflow';
import { readMode } from '../receive/parameters';
import { readAppSecrets, readRelaySecrets, readVerifyToken, type WebhookCredential } from '../receive/secrets';

/**
 * Refuse to listen with a credential that would turn every event away, since nobody would see that later.
 *
 * @throws {NodeOperationError} naming the field that is missing or malformed
 */
export function checkCredential(context: IHookFunctions, credential: WebhookCredential, registers: boolean): void {
	const problem = readMode(context) === 'relay' ? relayProblem(credential) : metaProblem(credential, registers);
	if (problem === null) return;
	const { message, description } = problem;
	throw new NodeOperationError(context.getNode(), message, { description });
}

type Problem = { readonly message: string; readonly description: string };

function relayProblem(credential: WebhookCredential): Problem | null {
	const secrets = readRelaySecrets(credential);
	if (secrets.length === 0) {
		return {
			message: 'The Relay Secret is missing in the credential',
			description:
				'Enter the secret that this subscriber has in the subscribers file of the relay. Without it nobody could tell the relay from a stranger.',
		};
	}
	if (secrets.every((secret) => readWebhookSecret(secret).ok)) return null;
	return {
		message: 'The Relay Secret in the credential is not a signing secret',
		description: 'It is whsec_ followed by 24 to 64 random bytes in base64, as it stands in the subscribers file.',
	};
}

function metaProblem(credential: WebhookCredential, registers: boolean): Problem | null {
	if (readAppSecrets(credential).length === 0) {
		return {
			message: 'The credential holds no app secret',
			description:
				'Enter the Instagram App Secret for an app with Instagram Login, the App Secret for one with Facebook Login, or both. Events cannot be told from forgeries without it.',
		};
	}
	if (readVerifyToken(credential) === '') {
		return {
			message: 'The Verify Token is missing in the credential',
			description: 'Think of a word that is hard to guess. Meta shows it when it checks the callback URL.',
		};
	}
	const hasAppToken = isFilled(credential.appId) && isFilled(credential.appSecret);
	if (!registers || hasAppToken) return null;
	return {
		message: 'Registering needs the App ID and the App Secret in the credential',
		description:
			'Both stand in the App Dashboard under App settings > Basic. The Instagram App Secret is another one. To do without, set Registration to By Hand and enter the callback URL in the App Dashboard.',
	};
}

function isFilled(field: unknown): boolean {
	return typeof field === 'string' && field.trim() !== '';
}
