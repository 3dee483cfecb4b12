import { parseArgs } from 'node:util';

/**
 * Which steps to run.
 *
 * @param {readonly string[]} argv `--only <step>` and `--skip <step>`, each as often as wanted or with commas
 * @param {readonly string[]} names of all steps
 * @returns {readonly string[] | string} the steps in their order, or a sentence on what was not understood
 */
export function readOptions(argv, names) {
	/** @type {{ only?: string[], skip?: string[] }} */
	let values;
	try {
		const multiple = /** @type {const} */ ({ type: 'string', multiple: true });
		({ values } = parseArgs({ args: [...argv], options: { only: multiple, skip: multiple } }));
	} catch (error) {
		return `${error instanceof Error ? error.message : error} The options are --only <step> and --skip <step>.`;
	}
	const only = split(values.only);
	const skip = split(values.skip);
	const unknown = [...only, ...skip].filter((name) => !names.includes(name));
	if (unknown.length > 0) return `No step is named ${unknown.join(', ')}. The steps are: ${names.join(', ')}.`;
	return names.filter((name) => (only.length === 0 || only.includes(name)) && !skip.includes(name));
}

/** @param {readonly string[]} [values] */
function split(values = []) {
	return values.flatMap((value) => value.split(',')).filter((name) => name !== '');
}
