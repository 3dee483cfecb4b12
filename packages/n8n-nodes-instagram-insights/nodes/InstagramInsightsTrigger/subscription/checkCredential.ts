import { readWebhookSecret } from '@instagram-insights/core/internal';
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
			message: 'Enter the Relay Secret in the credential (it begins with whsec_; the relay has it)',
			description:
				'Set "Events Come From" in the credential to Webhook Relay, and enter the secret that this workflow has in the relay. Without it a forged event looks like a real one.',
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
			message:
				credential.eventsFrom === 'facebookLogin'
					? 'Enter the App Secret in the credential (App Dashboard of Meta > App settings > Basic)'
					: 'Enter the Instagram App Secret in the credential (App Dashboard of Meta > Instagram > API setup)',
			description:
				'An app with Instagram Login needs the Instagram App Secret, one with Facebook Login the App Secret. Without it a forged event looks like a real one. "Events Come From" in the credential shows the box you need.',
		};
	}
	if (readVerifyToken(credential) === '') {
		return {
			message: 'Enter a Verify Token in the credential: a word of your own',
			description:
				'It should be hard to guess. Enter the same word beside the callback URL in the App Dashboard: Meta sends it when it checks the URL.',
		};
	}
	const hasAppToken = isFilled(credential.appId) && isFilled(credential.appSecret);
	if (!registers || hasAppToken) return null;
	return {
		message: 'Registering needs the App ID and the App Secret in the credential',
		description:
			'Turn on "Register Automatically" in the credential and enter both from the App Dashboard under App settings > Basic. The Instagram App Secret is another one. To do without, set Registration to By Hand and enter the callback URL in the App Dashboard.',
	};
}

function isFilled(field: unknown): boolean {
	return typeof field === 'string' && field.trim() !== '';
}
