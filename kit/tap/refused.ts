/** Thrown by a parser or a session at bytes that a tap cannot count; the message goes to the client. */
export class Refused extends Error {
  override name = 'Refused';
}
