import type { Field } from './field-list.ts';
import { list } from './insights-query.ts';
import { reduceData } from './refusals.ts';

/** Work one page of media may ask for unless the sandbox is started with another budget. */
export const PAGE_BUDGET = 5_000;

/** Objects that Graph looks up anew for each medium of the page. */
const NESTED_OBJECTS: ReadonlySet<string> = new Set(['children', 'owner', 'collaborators', 'comments']);
/** What such a look-up costs, in plain fields. */
const LOOK_UP = 60;

/**
 * Work asked for each medium of a page: 1 for a plain field or a metric, 60 for an object with fields of its own, and those.
 *
 * A hundred posts with every field and metric fit the budget; a hundred with their children's fields do not, fifty do.
 */
export function workOfMedium(fields: readonly Field[]): number {
	return fields.reduce((work, field) => work + workOfField(field), 0);
}

function workOfField(field: Field): number {
	if (field.name === 'insights') return list(field.params.metric).length;
	return field.fields !== null && NESTED_OBJECTS.has(field.name) ? LOOK_UP + workOfMedium(field.fields) : 1;
}

/**
 * A single medium is always answered.
 *
 * @throws {GraphRefusal} the page asks for more work than the budget: a smaller one passes
 */
export function requireLightPage(budget: number, media: number, fields: readonly Field[]): void {
	if (media > 1 && media * workOfMedium(fields) > budget) throw reduceData();
}
