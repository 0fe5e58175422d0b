/** Scripts that make no sense in a students' edition. */
const leftOut = ['test:long'];

/** `package.json` without the scripts of maintainers; the packages stay as `package-lock.json` has them. */
export function studentsPackage(text: string): string {
  const whole = JSON.parse(text);
  const scripts = Object.entries(whole.scripts).filter(([name]) => !leftOut.includes(name));
  return `${JSON.stringify({ ...whole, scripts: Object.fromEntries(scripts) }, null, 2)}\n`;
}
