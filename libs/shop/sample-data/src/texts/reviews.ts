interface ReviewText {
  readonly titles: readonly string[];
  /** `{brand}` and `{kind}` are filled in. */
  readonly sentences: readonly string[];
}

export const reviewTexts: Readonly<Record<1 | 2 | 3 | 4 | 5, ReviewText>> = {
  5: {
    titles: [
      'Exactly right',
      'Would buy again',
      'Better than the photos',
      'Five stars and no but',
      'A joy every day',
      'Finally',
    ],
    sentences: [
      'I use it every day and have found nothing to complain about.',
      'The quality is obvious as soon as you take it out of the box.',
      'My sister wanted one as soon as she saw it, so now there are two in the family.',
      'I hesitated because of the price, and should not have.',
      'It replaced a {kind} that I had for ten years and hope to have this one for longer.',
      '{brand} answered a question of mine within an hour, on a Sunday.',
      'Delivery took two days and everything was packed well.',
      'It looks even better in the room than on the screen.',
      'After half a year it is as good as on the first day.',
    ],
  },
  4: {
    titles: ['Very good', 'Almost perfect', 'Good, with one small wish', 'Happy with it', 'Solid'],
    sentences: [
      'A very good {kind}, and only the instructions could be better.',
      'The colour is slightly darker than shown, which I have come to like.',
      'It does all that it promises.',
      'One star less because delivery took a week longer than announced.',
      'Well made, although a little heavier than I had expected.',
      'I have had it for three months, and it shows no wear.',
      'Compared with the one I had before, it is a different world.',
      'A bag or box to keep it in would have been nice at this price.',
    ],
  },
  3: {
    titles: ['Does what it should', 'Mixed feelings', 'All right for the price', 'Neither good nor bad'],
    sentences: [
      'It works, but I had expected a little more from {brand}.',
      'The material is good, while the finish has some rough spots.',
      'Fine for now and then; for every day I would take the next size up.',
      'The first one had a flaw and was exchanged without discussion.',
      'Nice to look at, less so to clean.',
      'As a {kind} it is average, as a present it was a success.',
    ],
  },
  2: {
    titles: ['Disappointed', 'Not for me', 'Good idea, poor details'],
    sentences: [
      'It looks good but is less practical than my old {kind}.',
      'After four weeks the first part came loose.',
      'The size is not what I understood from the description.',
      'Returning it was easy, at least.',
      'I had read better things about {brand}.',
    ],
  },
  1: {
    titles: ['Sent back', 'Unfortunately not', 'Arrived damaged'],
    sentences: [
      'It arrived with a dent and the replacement had one as well.',
      'It did not last two weeks with us.',
      'I have sent it back and got my money without any trouble.',
      'For this price I expect a {kind} that works.',
      'Perhaps I had bad luck, since others seem to be content.',
    ],
  },
};
