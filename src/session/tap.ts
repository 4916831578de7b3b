import type { EventSink } from './events.ts';
import type { Driver } from './session.ts';

/** A driver whose bytes and events `listener` hears too, each before the driver does. */
export function tapped(driver: Driver, listener: EventSink): Driver {
  return {
    ...driver,
    data(chunk) {
      listener.data(chunk);
      driver.data(chunk);
    },
    event(event) {
      listener.event(event);
      driver.event(event);
    },
  };
}
