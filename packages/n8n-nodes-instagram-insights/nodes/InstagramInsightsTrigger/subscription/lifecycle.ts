import { isInsightsError, readWebhookSecret, redact } from '@instagram-insights/core/internal';
import { type IHookFunctions, NodeOperationError } from 'n8n-workflow';
import { toTriggerError } from '../../graph/toNodeError';
import {
	readAppSecrets,
	readMode,
	readRelaySecrets,
	readVerifyToken,
	type WebhookCredential,
} from '../receive/parameters';
import { isOwnProduction, isSameUrl, type Registration, takenError } from './decideRegistration';
import { type OpenAccount, openAccount, openApp } from './openSubscriptions';
import { type RegistrationPlan, readAccountLogin, readGraphVersion, readOwnUrl, readPlan } from './plan';
import {
	forgetRecord,
	isAccountSubscribed,
	lookUpApp,
	type RegistrationRecord,
	readRecord,
	subscribeAccount,
	subscribeApp,
	writeRecord,
} from './subscribe';

/**
 * Whether Meta sends events to this trigger already; n8n also asks when it starts. By hand and through the relay there
 * is nothing to set up, so the answer is yes once the credential is fit for it.
 *
 * @throws {NodeOperationError} the credential lacks something, or the app's events go somewhere else
 * @throws {NodeApiError} Meta refused, or did not answer
 */
export async function checkRegistration(context: IHookFunctions): Promise<boolean> {
	const plan = readPlan(context);
	const credential = await readCredential(context);
	checkCredential(context, credential, plan !== null);
	if (plan === null) return true;
	const record = readRecord(context);
	try {
		return await isRegistered(context, plan, { credential, record });
	} catch (error) {
		// n8n takes a failed check for a reason to unregister. At a start of n8n that must not be Meta's passing trouble.
		if (record?.callbackUrl !== plan.callbackUrl || !isPassing(error)) throw toTriggerError(context.getNode(), error);
		warn(context, 'could not ask Meta whether it is still registered, and goes on as if it were');
		return true;
	}
}

async function isRegistered(
	context: IHookFunctions,
	plan: RegistrationPlan,
	{ credential, record }: { credential: WebhookCredential; record: RegistrationRecord | null },
): Promise<boolean> {
	const registration = await lookUpApp(openApp(context, credential, plan.graphVersion), plan, record);
	if (registration.kind === 'taken' && !mayReplace(plan, registration))
		throw takenError(context.getNode(), registration);
	if (registration.kind !== 'registered') return false;
	const account = await accountOf(context, plan);
	return account === null || (await isAccountSubscribed(account, plan, record));
}

/** The account of the plan; null when the user subscribes it. */
async function accountOf(
	context: IHookFunctions,
	{ account, graphVersion }: Pick<RegistrationPlan, 'account' | 'graphVersion'>,
): Promise<OpenAccount | null> {
	return account === null ? null : await openAccount(context, account, graphVersion);
}

/** Another address, when the user said so; never this trigger's own production URL, which listening for a test would deafen. */
function mayReplace({ replace }: RegistrationPlan, { whose }: Extract<Registration, { kind: 'taken' }>): boolean {
	return replace && whose === 'other';
}

function isPassing(error: unknown): boolean {
	return isInsightsError(error) && ['network', 'transient', 'rate-limit'].includes(error.kind);
}

/**
 * Send the app's events here, and the account's events to the app. What is new is noted; when a later step fails, it is
 * taken back at once, because n8n keeps no static data of an activation that failed.
 *
 * @throws {NodeOperationError} the app's events go somewhere else
 * @throws {InsightsError} Meta refused
 */
export async function register(context: IHookFunctions): Promise<void> {
	const plan = readPlan(context);
	if (plan === null) return;
	const credential = await readCredential(context);
	const app = openApp(context, credential, plan.graphVersion);
	const before = readRecord(context);
	const registration = await lookUpApp(app, plan, before);
	if (registration.kind === 'taken' && !mayReplace(plan, registration))
		throw takenError(context.getNode(), registration);

	const isNew = registration.kind === 'free' || registration.kind === 'taken';
	const verifyToken = readVerifyToken(credential);
	const ofApp =
		registration.kind === 'registered' ? null : await subscribeApp(app, plan, { registration, verifyToken });
	const account = await accountOf(context, plan)
		.then((one) => one && subscribeAccount(one, plan))
		.catch(async (error: unknown) => {
			if (isNew) await app.remove().catch((left: unknown) => logLeftOver(context, left));
			throw error;
		});
	const leftOut = [...new Set([...(ofApp?.leftOut ?? before?.leftOut ?? []), ...(account?.leftOut ?? [])])];
	if (leftOut.length > 0)
		warn(context, `gets nothing for ${leftOut.join(', ')}: Meta does not send this with the login`);
	writeRecord(context, {
		callbackUrl: plan.callbackUrl,
		app: isNew || before?.app === true,
		account: account?.fresh === true || before?.account === true,
		leftOut,
	});
}

/**
 * Take down what this trigger set up, unless the app's events go somewhere else by now: then the account's events
 * belong to the receiver there. The end of a test leaves what the published workflow set up.
 *
 * What was set up stays noted until it is gone, so that the next time can make up for one that failed.
 *
 * @throws {InsightsError} Meta refused, or did not answer
 */
export async function unregister(context: IHookFunctions): Promise<void> {
	const record = readRecord(context);
	if (record === null || isOwnProduction(record.callbackUrl, readOwnUrl(context))) return;
	await takeDown(context, record);
	forgetRecord(context);
}

async function takeDown(context: IHookFunctions, record: RegistrationRecord): Promise<void> {
	const graphVersion = readGraphVersion(context);
	const app = openApp(context, await readCredential(context), graphVersion);
	const current = (await app.read()).find(({ object }) => object === 'instagram');
	if (current !== undefined && !isSameUrl(current.callbackUrl, record.callbackUrl)) return;
	if (record.account) {
		const account = await accountOf(context, { account: readAccountLogin(context), graphVersion });
		await account?.subscription.remove();
	}
	if (record.app && current !== undefined) await app.remove();
}

function readCredential(context: IHookFunctions): Promise<WebhookCredential> {
	return context.getCredentials<WebhookCredential>('instagramInsightsWebhookApi');
}

function logLeftOver(context: IHookFunctions, error: unknown): void {
	warn(context, `is still registered with Meta: ${redact(toTriggerError(context.getNode(), error).message)}`);
}

function warn(context: IHookFunctions, what: string): void {
	context.logger.warn(`${context.getNode().name} ${what}`, { workflowId: context.getWorkflow().id });
}

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
		description:
			'It is whsec_ followed by 24 to 64 random bytes in base64, as the relay shows it once after Add workflow.',
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
