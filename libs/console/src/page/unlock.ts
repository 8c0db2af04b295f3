import { html, type TemplateResult } from 'lit-html';
import { setToken } from './api.js';

/** Where the console is behind a token. */
export function unlock(again: () => void): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const { value } = (event.target as HTMLFormElement).elements.namedItem('token') as HTMLInputElement;
    setToken(value.trim());
    again();
  };
  return html`<section class="card unlock">
    <h1>This console is locked</h1>
    <p>
      It asks for the token that the gateway was given as <code>CONSOLE_TOKEN</code>. This tab alone keeps it.
    </p>
    <form @submit=${submit}>
      <label for="token">Token</label>
      <input id="token" name="token" type="password" autocomplete="off" required />
      <button class="primary">Unlock</button>
    </form>
  </section>`;
}
