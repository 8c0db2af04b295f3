const UNRELEASED = '## Unreleased\n';

/**
 * The changelog with its unreleased entries under a version, and an empty section for what comes next.
 *
 * @throws Error in one line where there are none
 */
export function released(text: string, version: string, date: Date): string {
  const at = text.indexOf(UNRELEASED);
  const after = text.slice(at + UNRELEASED.length);
  const next = after.search(/^## /m);
  const entries = (next < 0 ? after : after.slice(0, next)).trim();
  if (at < 0 || entries === '')
    throw new Error('CHANGELOG.md has nothing under "## Unreleased": say there what changes');
  const day = date.toISOString().slice(0, 10);
  return `${text.slice(0, at)}${UNRELEASED}\n## ${version} (${day})\n${after}`;
}
