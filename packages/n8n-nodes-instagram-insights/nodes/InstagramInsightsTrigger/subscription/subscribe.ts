import {
	type AppSubscriptions,
	InsightsError,
	isInsightsError,
	PAGE_SUBSCRIPTION_FIELD,
	type Subscribed,
	subscriptionNames,
} from '@instagram-insights/core/internal';
import type { IHookFunctions } from 'n8n-workflow';
import { z } from 'zod/v4';
import { decideRegistration, type Registration } from './decideRegistration';
import type { OpenAccount } from './openSubscriptions';
import type { RegistrationPlan } from './plan';

/** Where Meta sends the app's events now, from the view of this trigger. */
export async function lookUpApp(
	app: AppSubscriptions,
	plan: RegistrationPlan,
	record: RegistrationRecord | null,
): Promise<Registration> {
	const fields = stillWanted(subscriptionNames(plan.fields, undefined).names, plan, record);
	return decideRegistration(await app.read().catch(explain), { ...plan, fields });
}

/**
 * Send the app's events to this trigger.
 *
 * @throws {InsightsError} with what to do if Meta could not verify the callback URL
 */
export async function subscribeApp(
	app: AppSubscriptions,
	plan: RegistrationPlan,
	{ registration, verifyToken }: { registration: Exclude<Registration, { kind: 'registered' }>; verifyToken: string },
): Promise<Subscribed> {
	const { callbackUrl } = plan;
	const fields = registration.kind === 'incomplete' ? registration.fields : plan.fields;
	return await app.write({ callbackUrl, verifyToken, fields }).catch(explain);
}

/** Whether the account sends the app what the trigger wants. */
export async function isAccountSubscribed(
	{ login, subscription }: OpenAccount,
	plan: RegistrationPlan,
	record: RegistrationRecord | null,
): Promise<boolean> {
	const current = await subscription.read();
	if (current === null) return false;
	const { names } = subscriptionNames(accountFields(login, plan), login === 'facebook' ? undefined : login);
	return stillWanted(names, plan, record).every((field) => current.includes(field));
}

/** Subscribe the account to the app. Its other fields stay. `fresh`: it had no subscription before. */
export async function subscribeAccount(
	{ login, subscription }: OpenAccount,
	plan: RegistrationPlan,
): Promise<Subscribed & { readonly fresh: boolean }> {
	const current = await subscription.read();
	const wanted = [...new Set([...(current ?? []), ...accountFields(login, plan)])];
	return { fresh: current === null, ...(await subscription.write(wanted)) };
}

function accountFields(login: OpenAccount['login'], { fields }: RegistrationPlan): readonly string[] {
	return login === 'facebook' ? [PAGE_SUBSCRIPTION_FIELD] : fields;
}

/** Without the names that Meta refused last time, so that a start of n8n does not ask for them again. */
function stillWanted(
	names: readonly string[],
	{ callbackUrl }: RegistrationPlan,
	record: RegistrationRecord | null,
): readonly string[] {
	return record?.callbackUrl === callbackUrl ? names.filter((name) => !record.leftOut.includes(name)) : names;
}

function explain(error: unknown): never {
	if (isInsightsError(error) && (error.kind === 'auth' || error.kind === 'wrong-host')) {
		throw new InsightsError('auth', 'Meta does not accept this App ID and App Secret together', {
			advice:
				'Copy both from the App Dashboard under App settings > Basic into the credential. The Instagram App Secret is a different secret.',
			...(error.graph === undefined ? {} : { graph: error.graph }),
			cause: error,
		});
	}
	if (!isInsightsError(error) || error.graph?.code !== 2200) throw error;
	throw new InsightsError(error.kind, error.message, {
		advice:
			'Meta must reach it from the internet, over HTTPS with a valid certificate. Behind a proxy or a tunnel, set N8N_WEBHOOK_URL of this n8n to its public address.',
		graph: error.graph,
		cause: error,
	});
}

/** What this trigger set up at Meta, kept in the node's static data. Only this is ever removed. */
export type RegistrationRecord = {
	/** The URL it was set up for. */
	readonly callbackUrl: string;
	/** Whether the app's subscription was made here. */
	readonly app: boolean;
	/** Whether the account's subscription was made here. */
	readonly account: boolean;
	/** Fields that were wanted and that Meta does not send. */
	readonly leftOut: readonly string[];
};

const MEMBER = 'registration';

const recordSchema = z.object({
	callbackUrl: z.string(),
	app: z.boolean(),
	account: z.boolean(),
	leftOut: z.array(z.string()),
});

/** Null: nothing was set up, or the stored value is unreadable. */
export function readRecord(context: IHookFunctions): RegistrationRecord | null {
	const read = recordSchema.safeParse(context.getWorkflowStaticData('node')[MEMBER]);
	return read.success ? read.data : null;
}

export function writeRecord(context: IHookFunctions, record: RegistrationRecord): void {
	context.getWorkflowStaticData('node')[MEMBER] = { ...record, leftOut: [...record.leftOut] };
}

export function forgetRecord(context: IHookFunctions): void {
	delete context.getWorkflowStaticData('node')[MEMBER];
}
