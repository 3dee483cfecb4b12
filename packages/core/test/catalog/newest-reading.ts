import { SOURCES, type SourceId } from '../../src/catalog/source.ts';

/** The latest day on which one of the sources was read. */
export function newestReading(sources: readonly SourceId[]): string | undefined {
	return sources
		.map((id) => SOURCES[id].readOn)
		.sort()
		.at(-1);
}
