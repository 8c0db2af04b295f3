/** The session is a cookie that no script can read; X-CSRF shows that this page asks, and no other. */
function call(path, method = 'GET') {
  return fetch(path, { method, headers: { 'x-csrf': '1' } });
}

const at = (id) => document.getElementById(id);

async function showUser() {
  const answer = await call('/auth/user');
  const user = answer.ok ? await answer.json() : undefined;
  at('user').textContent = user === undefined ? 'You are not signed in.' : `Signed in as ${user.name}.`;
  at('visitor').hidden = user !== undefined;
  at('member').hidden = user === undefined;
}

async function show(path, method) {
  const answer = await call(path, method);
  at('answer').hidden = false;
  at('answer').textContent = JSON.stringify(await answer.json(), null, 2);
}

at('account').addEventListener('click', () => show('/api/account'));
at('others').addEventListener('click', () => show('/auth/sessions', 'DELETE'));
at('sign-out').addEventListener('click', async () => {
  const answer = await call('/auth/logout', 'POST');
  const { location } = answer.ok ? await answer.json() : {};
  await showUser();
  at('answer').hidden = true;
  at('elsewhere').hidden = typeof location !== 'string';
  if (typeof location === 'string') at('elsewhere').querySelector('a').href = location;
});

await showUser();
