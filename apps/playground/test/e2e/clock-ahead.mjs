// Loaded before a program (`node --import`), puts its clock ahead by CLOCK_AHEAD_MS: hours pass for it while it is down.
const aheadMs = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const RealDate = Date;
// Kept apart: a program may write what it finds at `Date.now` back to it.
const realNow = Date.now;
const now = () => realNow() + aheadMs;

globalThis.Date = new Proxy(RealDate, {
	construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
	apply: () => new RealDate(now()).toString(),
	get: (target, member) => (member === 'now' ? now : Reflect.get(target, member)),
});
