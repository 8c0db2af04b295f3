/** The provider's pages: plain HTML, no script, nothing from elsewhere. */

const style = `
  :root { color-scheme: light dark; --ink: #1b2430; --paper: #f4f6f8; --card: #fff; --line: #c6ced8; --accent: #1f5fbf; --alarm: #a3261f; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e7ecf2; --paper: #12171d; --card: #1b222b; --line: #465362; --accent: #7db0ff; --alarm: #ff9b92; } }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
  main { width: 100%; max-width: 24rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
  h1 { margin: 0 0 .25rem; font-size: 1.375rem; line-height: 1.25; }
  p { margin: 0 0 1.25rem; }
  .note { margin: 1.5rem 0 0; font-size: .875rem; opacity: .8; }
  .alarm { padding: .625rem .75rem; border: 1px solid var(--alarm); border-radius: .5rem; color: var(--alarm); }
  label { display: block; margin: 0 0 .25rem; font-weight: 600; }
  input { width: 100%; margin: 0 0 1rem; padding: .625rem .75rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .5rem; }
  button { width: 100%; padding: .6875rem; font: inherit; font-weight: 600; border: 1px solid var(--accent); border-radius: .5rem; background: var(--accent); color: var(--card); cursor: pointer; }
  button.quiet { margin-top: .75rem; background: transparent; color: var(--accent); }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;

export interface SignIn {
  /** The path of this sign-in: `/interaction/<uid>`. */
  readonly path: string;
  /** What the user signs in to, as its client calls itself. */
  readonly client: string;
  readonly username?: string;
  readonly failed?: boolean;
}

export function signInPage({ path, client, username = '', failed = false }: SignIn): string {
  const alarm = failed
    ? '<p class="alarm" role="alert" id="alarm">That name and password do not belong together.</p>'
    : '';
  const described = failed ? ' aria-describedby="alarm" aria-invalid="true"' : '';
  return page(
    'Sign in',
    `<h1>Sign in</h1>
    <p>to go on to ${escape(client)}</p>
    ${alarm}
    <form method="post" action="${escape(path)}">
      <label for="username">Name</label>
      <input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="100" value="${escape(username)}"${described}${failed ? '' : ' autofocus'}>
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required maxlength="200"${described}${failed ? ' autofocus' : ''}>
      <button type="submit">Sign in</button>
      <button type="submit" class="quiet" formnovalidate formaction="${escape(path)}/cancel">Cancel</button>
    </form>
    <p class="note">A provider for development. Its users and their passwords were printed when it started.</p>`,
  );
}

/** `form` is the provider's own, with its token against forgery; the buttons belong to it. */
export function signOutPage(form: string): string {
  return page(
    'Sign out',
    `<h1>Sign out everywhere?</h1>
    <p>You are signed out of the shop. You can end the session here as well.</p>
    ${form}
    <button autofocus type="submit" form="op.logoutForm" value="yes" name="logout">Yes, sign me out</button>
    <button type="submit" class="quiet" form="op.logoutForm">No, stay signed in</button>`,
  );
}

export function signedOutPage(): string {
  return page('Signed out', '<h1>Signed out</h1><p>You can close this page.</p>');
}

export function errorPage(reason: string): string {
  return page(
    'That did not work',
    `<h1>That did not work</h1><p class="alarm" role="alert">${escape(reason)}</p><p>Go back to where you came from and try again.</p>`,
  );
}

function page(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} · Facet identity</title>
  <style>${style}</style>
</head>
<body>
  <main>
    ${main}
  </main>
</body>
</html>
`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
