import type { Fault } from '@facet/platform';

/**
 * What a person sees whose sign-in fails: what happened, and a way back. It needs neither script nor style, so that the
 * gateway's own Content-Security-Policy holds for it.
 */
export function errorPage({ code, message }: Fault): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Not signed in</title></head>
<body>
<h1>You are not signed in</h1>
<p>${escaped(message)}</p>
<p><a href="/auth/login">Sign in again</a> or <a href="/">go back to the start</a>.</p>
<p><small>${escaped(code)}</small></p>
</body>
</html>
`;
}

/** Whether a browser asks for a page: HTML is named, and weighs at least as much as JSON does (RFC 9110, section 12.5.1). */
export function wantsPage(accept: string | undefined): boolean {
  const weights = new Map((accept ?? '').split(',').map(weighed));
  const html = weights.get('text/html') ?? 0;
  const json = Math.max(weights.get('application/json') ?? 0, weights.get('application/problem+json') ?? 0);
  return html > 0 && html >= json;
}

function weighed(range: string): [type: string, weight: number] {
  const [type = '', ...parameters] = range.split(';').map((each) => each.trim().toLowerCase());
  const weight = parameters.find((each) => each.startsWith('q='))?.slice(2);
  return [type, weight === undefined ? 1 : Number(weight) || 0];
}

function escaped(text: string): string {
  const named: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => named[character] ?? '');
}
