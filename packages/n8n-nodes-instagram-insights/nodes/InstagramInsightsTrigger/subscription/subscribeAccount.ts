import { HOSTS } from '@instagram-insights/core';
import type { IHookFunctions } from 'n8n-workflow';
import { AUTHENTICATIONS } from '../../InstagramInsights/transport/authentication';
import { sendAcceptedFields } from './acceptedFields';
import { readAccountSubscription, type Subscriber, writeAccountSubscription } from './accountSubscription';
import { findSubscriber } from './findSubscriber';
import type { RegistrationPlan } from './plan';
import type { RegistrationRecord } from './record';

/**
 * A Page is subscribed to fields of Pages, and refuses those of Instagram; any one of them lets the events of the
 * linked Instagram account through, and `feed` is the one Meta's guide takes.
 */
const PAGE_FIELDS: readonly string[] = ['feed'];

/** Whether the account sends the app what the trigger wants; true when that is not this trigger's business. */
export async function isAccountSubscribed(
	context: IHookFunctions,
	plan: RegistrationPlan,
	record: RegistrationRecord | null,
): Promise<boolean> {
	const subscriber = await subscriberOf(context, plan);
	if (subscriber === null) return true;
	const current = await readAccountSubscription(subscriber);
	if (current === null) return false;
	const taken = plan.anyFields && record !== null && record.accountFields.length > 0;
	const wanted = taken ? record.accountFields : accountFields(plan);
	return wanted.every((field) => current.includes(field));
}

/**
 * Let the account send its events to the app. Fields it sends already stay.
 *
 * @returns whether it sent nothing before, and the fields it sends now; null when that is not this trigger's business
 */
export async function subscribeAccount(
	context: IHookFunctions,
	plan: RegistrationPlan,
): Promise<{ readonly fresh: boolean; readonly fields: readonly string[] } | null> {
	const subscriber = await subscriberOf(context, plan);
	if (subscriber === null) return null;
	const current = await readAccountSubscription(subscriber);
	const wanted = [...new Set([...(current ?? []), ...accountFields(plan)])];
	const send = (fields: readonly string[]) => writeAccountSubscription(subscriber, fields);
	const fields = plan.anyFields ? await sendAcceptedFields(wanted, send) : await send(wanted).then(() => wanted);
	return { fresh: current === null, fields };
}

/** The account of the plan as the one to subscribe; null when the user does that. */
export async function subscriberOf(
	context: IHookFunctions,
	{ account, graphVersion }: Pick<RegistrationPlan, 'account' | 'graphVersion'>,
): Promise<Subscriber | null> {
	return account === null ? null : await findSubscriber(context, account, graphVersion);
}

function accountFields({ account, fields }: RegistrationPlan): readonly string[] {
	if (account === null) return [];
	return HOSTS[AUTHENTICATIONS[account].host].loginType === 'facebook' ? PAGE_FIELDS : fields;
}
