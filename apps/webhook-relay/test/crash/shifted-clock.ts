// Loaded into a relay before itself: its clock is off by CLOCK_SHIFT_MS.
const shiftMs = Number(process.env.CLOCK_SHIFT_MS);
const RealDate = globalThis.Date;

globalThis.Date = class extends RealDate {
	constructor(...given: [] | [number | string | Date]) {
		super(...((given.length === 0 ? [RealDate.now() + shiftMs] : given) as [number]));
	}

	static override now(): number {
		return RealDate.now() + shiftMs;
	}
} as DateConstructor;
