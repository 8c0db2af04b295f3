import { createHash, timingSafeEqual } from 'node:crypto';

/** Somebody who can sign in here: for development only, which is why the passwords stand in the open. */
export interface User {
  readonly username: string;
  readonly password: string;
  /** The claim `sub`. */
  readonly subject: string;
  readonly name: string;
  readonly email: string;
  /** The claim `customer_id`: the sample customer that this user shops as. */
  readonly customerId?: string;
  readonly roles: readonly string[];
}

export const users: readonly User[] = [
  {
    username: 'ada',
    password: 'ada-in-development',
    subject: 'user-ada',
    name: 'Ada Byron',
    email: 'ada.byron.1@example.com',
    customerId: 'cus_0001',
    roles: ['customer'],
  },
  {
    username: 'grace',
    password: 'grace-in-development',
    subject: 'user-grace',
    name: 'Grace Murray',
    email: 'grace.murray.2@example.com',
    customerId: 'cus_0002',
    roles: ['customer'],
  },
  {
    username: 'sam',
    password: 'sam-in-development',
    subject: 'user-sam',
    name: 'Sam Support',
    email: 'sam@example.com',
    roles: ['support'],
  },
];

/** The user whose name and password these are. A name that nobody has takes as long as a wrong password. */
export function verifyPassword(username: string, password: string): User | undefined {
  const user = users.find((candidate) => candidate.username === username);
  const right = timingSafeEqual(digest(password), digest(user?.password ?? ''));
  return right && user !== undefined ? user : undefined;
}

export function userBySubject(subject: string): User | undefined {
  return users.find((user) => user.subject === subject);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
