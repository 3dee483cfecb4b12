import { isInsightsError, redact } from '@instagram-insights/core';
import type { IHookFunctions } from 'n8n-workflow';
import { toTriggerError } from '../errors/toTriggerError';
import { readVerifyToken, type WebhookCredential } from '../receive/secrets';
import { removeAccountSubscription } from './accountSubscription';
import { type App, readAppSubscriptions, removeAppSubscription } from './appSubscription';
import { checkCredential } from './checkCredential';
import type { Registration } from './decideRegistration';
import { isOwnProduction, isSameUrl } from './ownUrl';
import { appBaseUrl, type RegistrationPlan, readAccountLogin, readGraphVersion, readOwnUrl, readPlan } from './plan';
import { forgetRecord, type RegistrationRecord, readRecord, writeRecord } from './record';
import { isAccountSubscribed, subscribeAccount, subscriberOf } from './subscribeAccount';
import { lookUpApp, subscribeApp } from './subscribeApp';
import { takenError } from './takenError';

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
	const registration = await lookUpApp(appOf(context, credential, plan.graphVersion), plan, record);
	if (registration.kind === 'taken' && !mayReplace(plan, registration))
		throw takenError(context.getNode(), registration);
	return registration.kind === 'registered' && (await isAccountSubscribed(context, plan, record));
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
	const app = appOf(context, credential, plan.graphVersion);
	const before = readRecord(context);
	const registration = await lookUpApp(app, plan, before);
	if (registration.kind === 'taken' && !mayReplace(plan, registration))
		throw takenError(context.getNode(), registration);

	const isNew = registration.kind === 'free' || registration.kind === 'taken';
	const appFields =
		registration.kind === 'registered'
			? (before?.appFields ?? plan.fields)
			: await subscribeApp(app, plan, registration, readVerifyToken(credential));
	const account = await subscribeAccount(context, plan).catch(async (error: unknown) => {
		if (isNew) await removeAppSubscription(app).catch((left: unknown) => logLeftOver(context, left));
		throw error;
	});
	writeRecord(context, {
		callbackUrl: plan.callbackUrl,
		app: isNew || before?.app === true,
		appFields,
		account: account?.fresh === true || before?.account === true,
		accountFields: account?.fields ?? [],
	});
}

/**
 * Take down what this trigger set up, unless the app's events go somewhere else by now: then the account's events
 * belong to whoever is there. The end of a test leaves what the published workflow set up.
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
	const app = appOf(context, await readCredential(context), graphVersion);
	const current = (await readAppSubscriptions(app)).find(({ object }) => object === 'instagram');
	if (current !== undefined && !isSameUrl(current.callbackUrl, record.callbackUrl)) return;
	if (record.account) {
		const subscriber = await subscriberOf(context, { account: readAccountLogin(context), graphVersion });
		if (subscriber !== null) await removeAccountSubscription(subscriber);
	}
	if (record.app && current !== undefined) await removeAppSubscription(app);
}

function appOf(context: IHookFunctions, credential: WebhookCredential, graphVersion: string): App {
	const access = {
		baseUrl: `${appBaseUrl(credential)}/${graphVersion}`,
		by: { credentialType: 'instagramInsightsWebhookApi' },
	};
	return { context, access, appId: String(credential.appId ?? '').trim() };
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
