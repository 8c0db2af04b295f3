export interface CountryText {
  readonly code: string;
  readonly locale: string;
  /** Whether the number follows the street's name. */
  readonly streetFirst: boolean;
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
  readonly streets: readonly string[];
  readonly cities: readonly (readonly [name: string, postalCode: string])[];
}

const words = (list: string) => list.split(' ');

export const countries: readonly CountryText[] = [
  {
    code: 'DE',
    locale: 'de-DE',
    streetFirst: true,
    firstNames: words(
      'Anna Lukas Marie Jonas Lena Felix Sophie Paul Clara Emil Greta Moritz Hannah Oskar Frieda Anton',
    ),
    lastNames: words(
      'Müller Schmidt Weber Wagner Becker Hoffmann Koch Richter Klein Wolf Schröder Neumann Braun Krüger',
    ),
    streets: ['Lindenstraße', 'Goethestraße', 'Am Mühlbach', 'Gartenweg', 'Kastanienallee', 'Uferpromenade'],
    cities: [
      ['Berlin', '10437'],
      ['Hamburg', '22765'],
      ['Leipzig', '04275'],
      ['Köln', '50672'],
      ['Freiburg', '79098'],
    ],
  },
  {
    code: 'FR',
    locale: 'fr-FR',
    streetFirst: false,
    firstNames: words(
      'Camille Hugo Léa Jules Manon Louis Chloé Arthur Inès Gabriel Louise Adrien Élise Théo',
    ),
    lastNames: words(
      'Martin Bernard Dubois Laurent Moreau Girard Fontaine Chevalier Lambert Rousseau Mercier Blanc',
    ),
    streets: ['rue des Lilas', 'avenue Jean Jaurès', 'rue du Moulin', 'quai de la Loire', 'rue Victor Hugo'],
    cities: [
      ['Paris', '75011'],
      ['Lyon', '69004'],
      ['Nantes', '44000'],
      ['Toulouse', '31000'],
      ['Lille', '59800'],
    ],
  },
  {
    code: 'GB',
    locale: 'en-GB',
    streetFirst: false,
    firstNames: words(
      'Olivia Harry Amelia George Isla Oscar Freya Alfie Poppy Arthur Martha Edward Beatrice Hamish',
    ),
    lastNames: words(
      'Smith Taylor Davies Walker Hughes Bennett Foster Gray Palmer Shaw Barker Lawson Sinclair',
    ),
    streets: ['Church Lane', 'Mill Road', 'Victoria Street', 'Orchard Close', 'Station Road', 'Harbour View'],
    cities: [
      ['London', 'E8 3RL'],
      ['Bristol', 'BS6 5QT'],
      ['Leeds', 'LS6 2DN'],
      ['Edinburgh', 'EH9 1QB'],
      ['York', 'YO1 7HD'],
    ],
  },
  {
    code: 'NL',
    locale: 'nl-NL',
    streetFirst: true,
    firstNames: words('Sanne Daan Emma Sem Julia Bram Lotte Thijs Fleur Ruben Anouk Jasper Maud Pieter'),
    lastNames: [
      'de Vries',
      'Jansen',
      'Bakker',
      'Visser',
      'Smit',
      'Mulder',
      'Dekker',
      'van Dijk',
      'Vos',
      'Kuipers',
    ],
    streets: ['Prinsengracht', 'Kerkstraat', 'Dorpsweg', 'Beatrixlaan', 'Havenkade'],
    cities: [
      ['Amsterdam', '1016 GV'],
      ['Utrecht', '3511 LN'],
      ['Rotterdam', '3012 KJ'],
      ['Groningen', '9712 HB'],
    ],
  },
  {
    code: 'IT',
    locale: 'it-IT',
    streetFirst: true,
    firstNames: words(
      'Giulia Lorenzo Sofia Matteo Aurora Leonardo Chiara Andrea Elena Davide Marta Pietro Francesca',
    ),
    lastNames: words('Rossi Bianchi Ferrari Romano Colombo Ricci Marino Greco Conti Gallo Fontana Moretti'),
    streets: ['Via Garibaldi', 'Via Roma', 'Corso Italia', 'Via dei Mille', 'Via San Marco'],
    cities: [
      ['Milano', '20121'],
      ['Torino', '10123'],
      ['Bologna', '40126'],
      ['Firenze', '50122'],
      ['Napoli', '80134'],
    ],
  },
  {
    code: 'ES',
    locale: 'es-ES',
    streetFirst: true,
    firstNames: words(
      'Lucía Mateo Carmen Hugo Paula Diego Marta Álvaro Elena Javier Alba Pablo Irene Sergio',
    ),
    lastNames: words(
      'García Martínez López Sánchez Pérez Gómez Ruiz Díaz Moreno Álvarez Romero Navarro Torres',
    ),
    streets: ['Calle Mayor', 'Calle del Sol', 'Avenida de la Paz', 'Calle Cervantes', 'Paseo del Río'],
    cities: [
      ['Madrid', '28004'],
      ['Barcelona', '08012'],
      ['Valencia', '46003'],
      ['Sevilla', '41001'],
      ['Bilbao', '48001'],
    ],
  },
];
