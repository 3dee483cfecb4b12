import { readWebhookSecret } from '@instagram-insights/core/internal';
import { type IHookFunctions, NodeOperationError } from 'n8n-workflow';
import {
	isPlaceholder,
	readAppSecrets,
	readMode,
	readReceiveParameters,
	readRelaySecrets,
	readVerifyToken,
	type WebhookCredential,
} from '../receive/parameters';

/**
 * Refuse to listen with a credential that would refuse every event, because the user would not notice it later.
 *
 * @throws {NodeOperationError} naming the field that is missing or malformed
 */
export function checkCredential(context: IHookFunctions, credential: WebhookCredential, registers: boolean): void {
	const isRelay = readMode(context) === 'relay';
	const problem =
		formProblem(credential, isRelay ? RELAY_BOXES : META_BOXES) ??
		(isRelay ? relayProblem(credential) : metaProblem(credential, registers)) ??
		filterProblem(context);
	if (problem === null) return;
	const { message, description } = problem;
	throw new NodeOperationError(context.getNode(), message, { description });
}

type Problem = { readonly message: string; readonly description: string };

type Box = keyof WebhookCredential;
type Boxes = Readonly<Partial<Record<Box, string>>>;
const RELAY_BOXES: Boxes = { relaySecret: 'Relay Secret' };
const META_BOXES: Boxes = {
	instagramAppSecret: 'Instagram App Secret',
	appSecret: 'App Secret',
	verifyToken: 'Verify Token',
};

/** A value that was pasted with more than itself, or that n8n never stored. */
function formProblem(credential: WebhookCredential, boxes: Boxes): Problem | null {
	for (const [box, label] of Object.entries(boxes)) {
		const text = String(credential[box as Box] ?? '').trim();
		if (isPlaceholder(text)) {
			return {
				message: `The credential contains a placeholder of n8n instead of the ${label}`,
				description: `Open the credential, clear ${label}, enter it again and save.`,
			};
		}
		if (/^["'\u201c]|["'\u201d]$/.test(text)) {
			return {
				message: `The ${label} in the credential is in quotes`,
				description: `Open the credential and enter ${label} without quotes.`,
			};
		}
	}
	return null;
}

/** An account that no event can belong to would keep the workflow from starting forever. */
function filterProblem(context: IHookFunctions): Problem | null {
	const { accounts } = readReceiveParameters(context).filter;
	const wrong = accounts.find((id) => !/^\d+$/.test(id));
	if (wrong === undefined) return null;
	return {
		message: `Account IDs: "${wrong}" is not an account ID, which has digits only`,
		description:
			'Change Options > Account IDs. The action node lists the IDs under Account: Get Many. Leave it empty to start on events of every account.',
	};
}

function relayProblem(credential: WebhookCredential): Problem | null {
	const secrets = readRelaySecrets(credential);
	if (secrets.length === 0) {
		return {
			message:
				'Enter the Relay Secret in the credential (it begins with whsec_; the relay shows it after Add workflow)',
			description:
				'In the credential, set "Events Come From" to Webhook Relay and enter the secret of this workflow. Without it, n8n cannot tell real events from forged ones.',
		};
	}
	if (secrets.every((secret) => readWebhookSecret(secret).ok)) return null;
	return {
		message: 'The Relay Secret in the credential is not a signing secret',
		description:
			'It must be whsec_ followed by 24 to 64 random bytes in base64. Copy it from the relay, which shows it after Add workflow.',
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
				'An app with Instagram Login needs the Instagram App Secret, an app with Facebook Login the App Secret. Without it, n8n cannot tell real events from forged ones. In the credential, "Events Come From" shows the box you need.',
		};
	}
	if (readVerifyToken(credential) === '') {
		return {
			message: 'Enter a Verify Token in the credential: a word that you make up',
			description:
				'Choose one that is hard to guess. Enter the same word next to the callback URL in the App Dashboard. Meta sends it when it checks the URL.',
		};
	}
	if (!registers) return null;
	const appId = String(credential.appId ?? '').trim();
	if (appId !== '' && !/^\d+$/.test(appId)) {
		return {
			message: 'The App ID in the credential is not an ID, which has digits only',
			description: 'Copy the App ID from the App Dashboard of Meta under App settings > Basic.',
		};
	}
	if (appId !== '' && isFilled(credential.appSecret)) return null;
	return {
		message: 'Registering needs the App ID and the App Secret in the credential',
		description:
			'In the credential, turn on "Register Automatically" and enter both from the App Dashboard under App settings > Basic. The Instagram App Secret is a different secret. Or set Registration to By Hand and enter the callback URL in the App Dashboard.',
	};
}

function isFilled(field: unknown): boolean {
	return typeof field === 'string' && field.trim() !== '';
}
