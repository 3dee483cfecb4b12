import { HOSTS, type HostName } from '../world/host.ts';

/** An answer before it is sent: a `body` that is a string is sent as it is, others as JSON. */
export type Answer = {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body: unknown;
};

/** A refusal in parts, which the two hosts put together differently. */
export type RefusalRow = {
	readonly code: number;
	readonly subcode?: number;
	/** The sentence without the `(#code)` in front. */
	readonly message: string;
	/** HTTP status; 400 by default. */
	readonly status?: number;
	/** Title and text for people: members of their own on Facebook, the message itself on Instagram. */
	readonly userTitle?: string;
	readonly userMessage?: string;
	readonly transient?: boolean;
	/** Where both hosts use the same type. */
	readonly type?: 'OAuthException' | 'GraphMethodException' | 'GraphBatchException';
	/** No `(#code)` before the message, on either host. */
	readonly plain?: boolean;
};

/** Thrown where Meta would refuse; `answerGraph` turns it into an answer. */
export class GraphRefusal extends Error {
	readonly row: RefusalRow;
	constructor(row: RefusalRow) {
		super(row.message);
		this.name = 'GraphRefusal';
		this.row = row;
	}
}

/** A refusal as the host words it. */
export function errorAnswer(host: HostName, row: RefusalRow, traceId: string): Answer {
	const rules = HOSTS[host];
	const forPeople = row.userTitle !== undefined || row.userMessage !== undefined;
	const facebook = host === 'graph.facebook.com';
	const message = facebook
		? `${rules.codeInMessage && !row.plain && !forPeople ? `(#${row.code}) ` : ''}${row.message}`
		: (row.userMessage ?? row.message);
	return {
		status: row.status ?? 400,
		body: {
			error: {
				message,
				type: !facebook && row.type === 'GraphMethodException' ? rules.errorType : (row.type ?? rules.errorType),
				code: row.code,
				...(facebook && forPeople ? { error_data: {} } : {}),
				...(row.subcode === undefined ? {} : { error_subcode: row.subcode }),
				...(row.transient === undefined && !(facebook && forPeople) ? {} : { is_transient: row.transient ?? false }),
				...(facebook && row.userTitle !== undefined ? { error_user_title: row.userTitle } : {}),
				...(facebook && row.userMessage !== undefined ? { error_user_msg: row.userMessage } : {}),
				fbtrace_id: traceId,
			},
		},
	};
}
