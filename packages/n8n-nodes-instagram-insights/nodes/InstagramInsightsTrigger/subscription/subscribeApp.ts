import { InsightsError, isInsightsError } from '@instagram-insights/core';
import { sendAcceptedFields } from './acceptedFields';
import { type App, readAppSubscriptions, writeAppSubscription } from './appSubscription';
import { decideRegistration, type Registration } from './decideRegistration';
import type { RegistrationPlan } from './plan';
import type { RegistrationRecord } from './record';

/** Where the app's events go now, seen from this trigger. */
export async function lookUpApp(
	app: App,
	plan: RegistrationPlan,
	record: RegistrationRecord | null,
): Promise<Registration> {
	// "All fields" means those that Meta took when they were asked for the last time.
	const taken = plan.anyFields && record?.callbackUrl === plan.callbackUrl ? record.appFields : plan.fields;
	return decideRegistration(await readAppSubscriptions(app), { ...plan, fields: taken });
}

/**
 * Send the app's events to this trigger.
 *
 * @returns the fields that Meta took
 * @throws {InsightsError} with what to do when Meta could not verify the callback URL
 */
export async function subscribeApp(
	app: App,
	plan: RegistrationPlan,
	registration: Exclude<Registration, { kind: 'registered' }>,
	verifyToken: string,
): Promise<readonly string[]> {
	const { callbackUrl } = plan;
	const wanted = registration.kind === 'incomplete' ? registration.fields : plan.fields;
	const send = (fields: readonly string[]) => writeAppSubscription(app, { callbackUrl, verifyToken, fields });
	const sent = plan.anyFields ? sendAcceptedFields(wanted, send) : send(wanted).then(() => wanted);
	return await sent.catch((error: unknown) => explain(error, callbackUrl));
}

/** Meta calls the URL while it registers it: code 2200 when that went wrong. */
function explain(error: unknown, callbackUrl: string): never {
	if (!isInsightsError(error) || error.graph?.code !== 2200) throw error;
	throw new InsightsError('unknown', `Meta could not verify the callback URL ${callbackUrl}`, {
		advice:
			'Meta must reach it from the internet, over HTTPS with a valid certificate. Behind a proxy or a tunnel, set N8N_WEBHOOK_URL of this n8n to its public address.',
		graph: error.graph,
		cause: error,
	});
}
