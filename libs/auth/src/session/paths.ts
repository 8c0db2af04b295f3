import type { PluginRoute } from '@facet/access';
import { endedAnswer, logoutAnswer, schemaOf, sessionsAnswer, userAnswer } from './answers.js';

const signedIn = { kind: 'user' } as const;

/** The routes below /auth and who may use them, for a gateway's document and for its check at the start. */
export const sessionPaths: readonly PluginRoute[] = [
  {
    ...{ method: 'GET', path: '/auth/login', access: 'public', summary: 'Off to the issuer, to sign in' },
    query: { returnTo: 'Where to come back to: a path of this gateway. Default `/`.' },
    responses: {
      302: 'Where to sign in',
      400: 'Not a path of this gateway',
      502: 'The issuer does not take this gateway',
      503: 'The issuer or the store of sessions is away',
    },
  },
  {
    ...{
      method: 'GET',
      path: '/auth/callback',
      access: 'public',
      summary: 'Back from the issuer; answers once',
    },
    query: { code: "The issuer's code", state: 'As it was sent there', iss: 'Who has issued it' },
    responses: {
      303: 'Signed in',
      400: 'No sign-in is under way, or not this one',
      502: 'The issuer does not take this gateway',
      503: 'The issuer or the store of sessions is away, or has no room',
    },
  },
  {
    ...{ method: 'GET', path: '/auth/user', access: signedIn, summary: 'Who is signed in' },
    operationId: 'user',
    responses: { 200: { description: 'What the page may know of its user', answer: schemaOf(userAnswer) } },
  },
  {
    ...{ method: 'POST', path: '/auth/logout', access: signedIn, summary: 'Ends this session' },
    operationId: 'signOut',
    responses: { 200: { description: 'Ended', answer: schemaOf(logoutAnswer) } },
  },
  {
    ...{ method: 'GET', path: '/auth/sessions', access: signedIn, summary: "The user's sessions" },
    operationId: 'sessions',
    responses: { 200: { description: 'All of them, this one marked', answer: schemaOf(sessionsAnswer) } },
  },
  {
    ...{ method: 'DELETE', path: '/auth/sessions', access: signedIn, summary: 'Ends all other sessions' },
    operationId: 'endOtherSessions',
    responses: { 200: { description: 'How many have ended', answer: schemaOf(endedAnswer) } },
  },
  {
    ...{ method: 'DELETE', path: '/auth/sessions/:id', access: signedIn, summary: 'Ends one session' },
    operationId: 'endSession',
    responses: {
      200: { description: 'Ended', answer: schemaOf(endedAnswer) },
      404: { description: 'The user has no such session', codes: ['auth.session-not-found'] },
    },
  },
  {
    ...{
      method: 'POST',
      path: '/auth/backchannel-logout',
      access: 'public',
      summary: "For the issuer: a session's end",
    },
    form: { logout_token: 'Signed by the issuer' },
    responses: { 200: 'Ended', 400: 'Not a logout token for this gateway, or used before' },
  },
];
