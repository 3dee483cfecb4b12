import type { AccountTruth } from '../world/account-truth.ts';

/** What an event is about. */
export type EventContext = {
	readonly account: AccountTruth;
	/** When it happened, epoch milliseconds. */
	readonly at: number;
	/** Unique in the sandbox: ids of comments and messages are made from it. */
	readonly ordinal: number;
};

/**
 * One shape in which Meta delivers something: in `changes`, flat in the entry, in `messaging` or in `standby`.
 * Times are seconds in the first two and milliseconds in the others.
 */
export type EventShape = {
	/** The field an app must have asked for. */
	readonly field: string;
	/** Which login's app receives it, and so whose secret signs it. */
	readonly login: 'instagram' | 'facebook';
	readonly place: 'changes' | 'flat' | 'messaging' | 'standby';
	/** The dashboard's Test button sends "0" as the account. */
	readonly fromDashboard?: boolean;
	readonly value: (context: EventContext) => object;
};

/** The person who writes, comments and reacts in all samples. */
export const PERSON = { id: '1009876543210987', username: 'ana.souza' };

/** A live story of the account, or an id that was one. */
export function storyId(context: EventContext): string {
	return context.account.stories().at(-1)?.id ?? '18023345989012587';
}

/** The account's newest post, or an id that was one. */
export function postId(context: EventContext): string {
	return context.account.media()[0]?.id ?? '17918195224117851';
}

/** An id of a message: the same for its edit and its deletion, as at Meta. */
export function mid(context: EventContext): string {
	return `aWdfZAG1faXRlbTo${context.ordinal}`;
}
