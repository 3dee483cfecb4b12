import type { IHookFunctions } from 'n8n-workflow';
import { z } from 'zod/v4';

/** What this trigger set up at Meta, kept in the node's static data: only this is ever taken down again. */
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

/** null: nothing was set up, or what is there is not ours to read. */
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
