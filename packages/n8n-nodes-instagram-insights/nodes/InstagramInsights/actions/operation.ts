import type { QueryProblem } from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { type Owner, withOwner } from '../../rows/columns';
import type { Item } from './item';

/** A file beside a row, made of text. */
export type TextFile = {
	/** Name of the binary property. */
	readonly property: string;
	readonly name: string;
	readonly mimeType: string;
	readonly text: string;
};

/** A row with files. */
export class RowWithFiles {
	readonly json: IDataObject;
	readonly files: readonly TextFile[];
	constructor(json: IDataObject, files: readonly TextFile[]) {
		this.json = json;
		this.files = files;
	}
}

export type Row = IDataObject | RowWithFiles;

/** Result of one item when several are read together: one row more, or the end of it with an error. */
export type Outcome =
	| { readonly item: Item; readonly row: Row }
	/** `row`: what stands for the error in the output, unless the node continues on fail. */
	| { readonly item: Item; readonly error: unknown; readonly row?: IDataObject };

/** One entry of the Operation list: what the panel shows, and what it does. */
export type Operation = {
	readonly value: string;
	/** Title Case, without the resource. */
	readonly name: string;
	/** Sentence case, with the resource. */
	readonly action: string;
	/** Read by people in the panel and by language models choosing a tool. */
	readonly description: string;
	/** When n8n's AI builder should choose it, and what it spares. */
	readonly builderHint: string;
	/** The parameters under the Operation list. */
	readonly fields: readonly INodeProperties[];
	/**
	 * The rows for one input item, in order; simplified ones get the account in front. Rows given before an error are kept when the node continues on fail.
	 *
	 * @throws {InsightsError} whatever keeps the item from being answered
	 */
	run(item: Item): AsyncIterable<Row>;
	/** The same for all items in as few calls as possible; the router uses it when there are several. */
	runTogether?(items: readonly Item[]): AsyncIterable<Outcome>;
	/** Asks about one medium, which belongs to one account: it cannot be asked of all accounts. */
	readonly ofOneMedium?: boolean;
	/** Its rows are of no account. */
	readonly ofNoAccount?: boolean;
	/** A problem of core under the parameter that this operation's panel has for it; core's own name where left out. */
	inPanel?(problem: QueryProblem, item: Item): QueryProblem;
};

/** One entry of the Resource list. */
export type Resource = {
	readonly value: string;
	readonly name: string;
	readonly description: string;
	/** What n8n's AI builder finds here. */
	readonly builderHint: string;
	readonly operations: readonly Operation[];
	/** Value of the operation preselected. */
	readonly preselected: string;
};

/** The row with the account it belongs to in front. */
export function ownedBy(owner: Owner, row: Row): Row {
	return changed(row, (json) => withOwner(owner, json));
}

/** The row with another content and the same files. */
export function changed(row: Row, change: (json: IDataObject) => IDataObject): Row {
	return row instanceof RowWithFiles ? new RowWithFiles(change(row.json), row.files) : change(row);
}
