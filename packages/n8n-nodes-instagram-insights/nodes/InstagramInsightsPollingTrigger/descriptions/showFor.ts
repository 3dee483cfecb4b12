/** Parameters that show for some of the events only. */
export function showFor(...events: readonly string[]): { event: string[] } {
	return { event: [...events] };
}
