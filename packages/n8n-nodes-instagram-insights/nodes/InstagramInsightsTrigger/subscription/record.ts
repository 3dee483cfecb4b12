import type { IHookFunctions } from 'n8n-workflow';
import { z } from 'zod/v4';

/** What this trigger set up at Meta, kept in the node's static data: only this is ever taken down again. */
export type RegistrationRecord = {
	/** The URL it was set up for. */
	readonly callbackUrl: string;
	/** Whether the app's subscription was made here, and with which fields. */
	readonly app: boolean;
	readonly appFields: readonly string[];
	/** Whether the account's subscription was made here, and with which fields. */
	readonly account: boolean;
	readonly accountFields: readonly string[];
};

const MEMBER = 'registration';

const recordSchema = z.object({
	callbackUrl: z.string(),
	app: z.boolean(),
	appFields: z.array(z.string()),
	account: z.boolean(),
	accountFields: z.array(z.string()),
});

/** null: nothing was set up, or what is there is not ours to read. */
export function readRecord(context: IHookFunctions): RegistrationRecord | null {
	const read = recordSchema.safeParse(context.getWorkflowStaticData('node')[MEMBER]);
	return read.success ? read.data : null;
}

export function writeRecord(context: IHookFunctions, record: RegistrationRecord): void {
	context.getWorkflowStaticData('node')[MEMBER] = {
		...record,
		appFields: [...record.appFields],
		accountFields: [...record.accountFields],
	};
}

export function forgetRecord(context: IHookFunctions): void {
	delete context.getWorkflowStaticData('node')[MEMBER];
}
