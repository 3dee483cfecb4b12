import { HOSTS, type Host, type InsightsClient, type Profile } from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { z } from 'zod/v4';

/** One look at an account: the parameters, and what is needed of the outside. */
export type Look = {
	readonly host: Host;
	readonly now: Date;
	/** The workflow's time zone, such as `Europe/Berlin`. */
	readonly timeZone: string;
	readonly client: InsightsClient;
	/** Ends the look when n8n would give it up. */
	readonly signal: AbortSignal | undefined;
	/** A parameter of the panel; `fallback` where the panel hides it. */
	parameter(name: string, fallback?: unknown): unknown;
	/** The Options collection. */
	readonly options: Readonly<Record<string, unknown>>;
	/** Tell those who run n8n. */
	warn(message: string): void;
};

/** What one look brought. */
export type Found<State> = {
	readonly rows: readonly IDataObject[];
	readonly state: State;
	/** The state holds something that must outlast a restart of n8n although there is nothing to tell. */
	readonly mustKeep?: boolean;
};

/** One entry of the Trigger On list: what the panel shows, and how it is noticed. */
export type PollEvent<State> = {
	readonly value: string;
	readonly name: string;
	readonly description: string;
	/** The parameters that only this event has. */
	readonly fields: readonly INodeProperties[];
	/** What is remembered between looks. */
	readonly state: z.ZodType<State>;
	/** The settings that make it another watch: when they change, it begins anew. Plain JSON. */
	subject(look: Look): unknown;
	/** The first look: remember what is there, tell nothing. Null: there is nothing to begin with yet. */
	begin(look: Look): Promise<State | null>;
	/** Every later look. */
	next(look: Look, state: State): Promise<Found<State>>;
	/** For the editor: the latest there is, whatever is remembered. */
	latest(look: Look): Promise<readonly IDataObject[]>;
	/** What to say when there is no latest. */
	readonly nothing: { readonly message: string; readonly description: string };
};

/** The present value of a profile field; the names of the account come along, so that nothing is asked for them later. */
export function readProfile({ client, host, signal }: Look, field: string): Promise<Profile> {
	const names = HOSTS[host].loginType === 'instagram' ? ['user_id', 'username'] : ['username'];
	return client.profile({ fields: [...names, field], signal });
}
