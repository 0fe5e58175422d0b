/** Of which the generator makes people: 40 first names by 40 surnames, then a number. */
export const firstNames =
  'Ada Alan Grace Barbara Edsger Donald Katherine Dorothy Margaret Radia Frances Jean Betty Kathleen Hedy Mary Annie Tim Linus Guido Bjarne Dennis Ken Brian Niklaus Tony Leslie Shafi Silvio Manuel Éva José Zoë Søren Noël Jürgen Łucja Anaïs Iñaki Renée'.split(
    ' ',
  );

export const surnames =
  'Lovelace Turing Hopper Liskov Dijkstra Knuth Johnson Vaughan Hamilton Perlman Allen Bartik Holberton Booth Lamarr Jackson Easley Torvalds Ritchie Thompson Kernighan Wirth Hoare Lamport Goldwasser Micali Blum Cerf Kahn Engelbart Kay Sutherland Backus Naur Müller García Núñez Øvergård Šimek Dvořák'.split(
    ' ',
  );

/** Of which it makes products: an adjective and a thing. */
export const adjectives =
  'Wireless Folding Silent Compact Rugged Backlit Recycled Ergonomic Vintage Portable Braided Magnetic Waterproof Modular Tiny Heavy-duty Adjustable Bamboo Transparent Curved'.split(
    ' ',
  );

export const things =
  'keyboard|mouse|monitor|headset|webcam|microphone|desk lamp|laptop stand|hard disk|memory card|USB hub|charger|power strip|router|printer|scanner|e-reader|tablet|phone case|backpack|office chair|standing desk|notebook|pen set|whiteboard|projector|speaker|turntable|game pad|drawing tablet'.split(
    '|',
  );
