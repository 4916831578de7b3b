/** A value and where it was said, for messages. */
export interface Sourced<T> {
  readonly value: T;
  readonly where: string;
}
