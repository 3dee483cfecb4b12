import type { QueryProblem } from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { type Owner, withOwner } from '../../rows/columns';
import type { Item } from './item';

/** A text file that belongs to a row. */
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

/** What reading several items together yields for one of them: its next row, or the error that ends it. */
export type Outcome =
	| { readonly item: Item; readonly row: Row }
	/** `row`: returned in place of the error, unless the node continues on fail. */
	| { readonly item: Item; readonly error: unknown; readonly row?: IDataObject };

/** One entry of the Operation list: its panel, and what it does. */
export type Operation = {
	readonly value: string;
	/** Title Case, without the resource. */
	readonly name: string;
	/** Sentence case, with the resource. */
	readonly action: string;
	/** Read by people in the panel and by language models choosing a tool. */
	readonly description: string;
	/** When n8n's AI builder should choose it, and which nodes it makes unnecessary. */
	readonly builderHint: string;
	/** The parameters under the Operation list. */
	readonly fields: readonly INodeProperties[];
	/**
	 * The rows for one input item, in order. Simplified rows get the account's columns in front. Rows returned before an
	 * error are kept if the node continues on fail.
	 *
	 * @throws {InsightsError} the item cannot be answered
	 */
	run(item: Item): AsyncIterable<Row>;
	/** The same for several items, in as few calls as possible. */
	runTogether?(items: readonly Item[]): AsyncIterable<Outcome>;
	/** The columns that a simplified row has behind the account's, for a list that may have no rows. */
	columns?(item: Item): readonly string[];
	/** Asks about one post or story. It belongs to one account, so *All accounts* is refused. */
	readonly ofOneMedium?: boolean;
	/** Its rows do not belong to the chosen account. */
	readonly ofNoAccount?: boolean;
	/** Renames a problem of core to the parameter of this operation's panel. @default core's own name */
	inPanel?(problem: QueryProblem, item: Item): QueryProblem;
};

/** One entry of the Resource list. */
export type Resource = {
	readonly value: string;
	readonly name: string;
	readonly description: string;
	/** What n8n's AI builder can find here. */
	readonly builderHint: string;
	readonly operations: readonly Operation[];
	/** The preselected operation. */
	readonly preselected: string;
};

/** The row with its account's columns in front. */
export function ownedBy(owner: Owner, row: Row): Row {
	return changed(row, (json) => withOwner(owner, json));
}

/** The row with changed columns and the same files. */
export function changed(row: Row, change: (json: IDataObject) => IDataObject): Row {
	return row instanceof RowWithFiles ? new RowWithFiles(change(row.json), row.files) : change(row);
}
