import {
	type FieldDelivery,
	HOSTS,
	isInsightsError,
	LOGINS,
	type LoginType,
	nearestName,
	redact,
	WEBHOOK_FIELDS,
	webhookFieldRow,
} from '@instagram-insights/core/internal';
import { type IHookFunctions, NodeOperationError } from 'n8n-workflow';
import { AUTHENTICATIONS } from '../../graph/authentication';
import { toTriggerError } from '../../graph/toNodeError';
import {
	ALL_FIELDS,
	MESSAGE_GROUP,
	OTHER_FIELDS,
	readFields,
	readMode,
	readVerifyToken,
	SENT_MESSAGES,
	type WebhookCredential,
} from '../receive/parameters';
import { checkCredential } from './checkCredential';
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
 * Whether Meta already sends events to this trigger. n8n also asks when it starts. By hand and through the relay there is
 * nothing to set up, so the answer is yes once the credential is complete.
 *
 * @throws {NodeOperationError} the credential lacks something, or the app's events go somewhere else
 * @throws {NodeApiError} Meta refused, or did not answer
 */
export async function checkRegistration(context: IHookFunctions): Promise<boolean> {
	const plan = readPlan(context);
	const credential = await readCredential(context);
	checkCredential(context, credential, plan !== null);
	checkNames(context, plan);
	checkFields(context, credential, plan);
	if (plan === null) return true;
	const record = readRecord(context);
	try {
		return await isRegistered(context, plan, { credential, record });
	} catch (error) {
		// n8n unregisters after a failed check. A temporary problem of Meta at a start of n8n must not cause that.
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

/** Another address, if the user allows it. Never this trigger's own production URL: a test would take its events. */
function mayReplace({ replace }: RegistrationPlan, { whose }: Extract<Registration, { kind: 'taken' }>): boolean {
	return replace && whose === 'other';
}

function isPassing(error: unknown): boolean {
	return isInsightsError(error) && ['network', 'transient', 'rate-limit'].includes(error.kind);
}

/**
 * Send the app's events here, and the account's events to the app. If a later step fails, undo what is new at once, because n8n
 * keeps no static data of a failed activation.
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
 * Remove what this trigger set up, unless the app's events now go elsewhere: then the account's events belong to the receiver
 * there. The end of a test keeps what the published workflow set up.
 *
 * The record stays until everything is removed, so that the next attempt can finish a failed one.
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
 * Meta adds fields, so an unknown name may be right, except when it is nearly a known one. Where the trigger registers
 * itself, Meta checks the names.
 *
 * @throws {NodeOperationError} a name with a typo would never start the trigger
 */
function checkNames(context: IHookFunctions, plan: RegistrationPlan | null): void {
	const unknown = readFields(context).filter((name) => name !== ALL_FIELDS && webhookFieldRow(name) === undefined);
	const known = [...Object.keys(WEBHOOK_FIELDS), MESSAGE_GROUP, OTHER_FIELDS];
	for (const name of unknown) {
		const meant = nearestName(name, known, 2);
		if (meant === undefined) continue;
		throw new NodeOperationError(context.getNode(), `"${name}" is not a field of Meta. Did you mean "${meant}"?`, {
			description:
				'Change it under Trigger On or Fields. If Meta has added a field of this name, choose All Events: they include it.',
		});
	}
	if (unknown.length === 0 || plan !== null) return;
	const names = unknown.join(', ');
	warn(context, `waits for ${names}, which this node does not know: it starts only if Meta sends exactly this name`);
}

/**
 * Refuse to wait for events that never come with the login of the app.
 *
 * @throws {NodeOperationError} none of the chosen fields can start the trigger
 */
function checkFields(context: IHookFunctions, { eventsFrom }: WebhookCredential, plan: RegistrationPlan | null): void {
	const login = plan?.account ? HOSTS[AUTHENTICATIONS[plan.account].host].loginType : loginOf(eventsFrom);
	if (readMode(context) === 'relay' || login === null) return;
	// Tokens of Unified Login are those of the same host.
	const logins: readonly LoginType[] = login === 'instagram' ? ['instagram'] : ['facebook', 'unified'];
	const waysOf = (field: string) => logins.map((one) => webhookFieldRow(field)?.logins[one] ?? 'unknown');
	const isDead = (way: FieldDelivery) => way === 'none' || typeof way === 'object';
	const chosen = readFields(context);
	const dead = chosen.filter((field) => field !== SENT_MESSAGES && waysOf(field).every(isDead));
	if (dead.length === 0) return;
	const causes = dead.map((field) => {
		const carrier = waysOf(field).find((way) => typeof way === 'object')?.with;
		return carrier === undefined ? `Meta does not send ${field}` : `${field} arrive as ${carrier}: choose that`;
	});
	const reason = `With ${LOGINS[login].shortTitle}, ${causes.join('; ')}`;
	if (dead.length === chosen.length) {
		const description = 'Change Trigger On, or use an app with another login.';
		throw new NodeOperationError(context.getNode(), reason, { description });
	}
	// Registering itself reports what Meta does not send at all.
	const isReported = plan !== null && dead.every((field) => waysOf(field).every((way) => way === 'none'));
	if (!isReported) warn(context, `starts for the other fields only: ${reason}`);
}

function loginOf(eventsFrom: unknown): 'instagram' | 'facebook' | null {
	if (eventsFrom === 'instagramLogin') return 'instagram';
	return eventsFrom === 'facebookLogin' ? 'facebook' : null;
}
