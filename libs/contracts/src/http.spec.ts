import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { httpPlaces, type HttpBinding } from './http.js';

const input = z.object({ id: z.string(), page: z.int(), locale: z.string(), name: z.string() });
const places = (binding: HttpBinding) => httpPlaces('One', binding, input);

describe('the places of an input', () => {
  test('are the query for what is named nowhere, where the method has no body', () => {
    const { path, query, headers, body } = places({
      method: 'GET',
      path: '/users/{id}',
      query: { 'page[number]': 'page' },
      headers: { 'accept-language': 'locale' },
    });
    expect(path).toEqual(['id']);
    expect([...query]).toEqual([
      ['page[number]', 'page'],
      ['name', 'name'],
    ]);
    expect([...headers]).toEqual([['accept-language', 'locale']]);
    expect(body).toBeUndefined();
  });

  test('are the body for what is named nowhere, where the method has one', () => {
    expect(places({ method: 'PUT', path: '/users/{id}', query: ['page'] }).body).toEqual(['locale', 'name']);
  });

  test('may give the body to one field', () => {
    const binding: HttpBinding = {
      method: 'POST',
      path: '/users/{id}',
      query: ['page', 'locale'],
      body: 'name',
    };
    expect(places(binding).body).toBe('name');
  });

  test.each<[string, HttpBinding]>([
    [
      'the path /users/{user} names "user", which the input does not have',
      { method: 'GET', path: '/users/{user}' },
    ],
    [
      'a place names "size", which the input does not have',
      { method: 'GET', path: '/users', query: ['size'] },
    ],
    ['"id" has two places', { method: 'GET', path: '/users/{id}', query: ['id'] }],
    ['path: got "users", expected a path as in /users/{id}', { method: 'GET', path: 'users' }],
    ['path: got "//evil/users", expected', { method: 'GET', path: '//evil/users' }],
    ['path: got "/users?all", expected', { method: 'GET', path: '/users?all' }],
    ['path: "/users/{id" has a brace without its other one', { method: 'GET', path: '/users/{id' }],
    ['method: got undefined, expected one of GET', { path: '/users' } as never],
    [
      'lists: got pipes, expected repeat or comma',
      { method: 'GET', path: '/users', lists: 'pipes' as never },
    ],
    [
      'headers: "content-length" cannot be set',
      { method: 'GET', path: '/users', headers: { 'content-length': 'id' } },
    ],
    ['a GET request has no body', { method: 'GET', path: '/users', body: 'id' }],
    ['the body leaves out id, page, locale', { method: 'POST', path: '/users', body: 'name' }],
  ])('are refused: %s', (message, binding) => {
    expect(() => places(binding)).toThrow(`"One": http: ${message}`);
  });

  test('are none where the input is no object', () => {
    expect(() => httpPlaces('One', { method: 'GET', path: '/{id}' }, z.string())).toThrow(
      '"One": http: the input is no object, so that it has no "id"',
    );
  });
});
