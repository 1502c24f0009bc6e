import { route } from '../route.ts';

export const ME = [
  route({
    method: 'GET',
    path: '/me',
    who: [],
    summary: 'who asks, as the token says it',
    answer: 'Me',
    async handle({ caller: { issuer, subject, person, roles, session } }) {
      return { issuer, subject, person, roles, ...(session === undefined ? {} : { session }) };
    },
  }),
];
