import type { IDataObject } from 'n8n-workflow';

/** Graph's own objects as items: each entry of a body's `data`, or the body itself where it has none. */
export function rawRows(bodies: readonly unknown[]): IDataObject[] {
	return bodies.flatMap((body) => (isObject(body) && Array.isArray(body.data) ? body.data : [body]).map(toItem));
}

function toItem(value: unknown): IDataObject {
	return isObject(value) ? value : { value: value as IDataObject[string] };
}

function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
