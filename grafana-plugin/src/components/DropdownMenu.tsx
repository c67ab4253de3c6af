import { Menu } from '@grafana/ui';
import React, { useLayoutEffect, useState, type ReactNode } from 'react';

/**
 * The menu of a Dropdown, whose first item has the focus from the start.
 *
 * Grafana's Dropdown gives the first item the focus a second time, in the next frame, unless something in the menu has it when the menu
 * is measured. Where frames come late, an arrow key is faster: the focus then goes back to the first item, while Enter takes the next one.
 */
export function DropdownMenu({ children }: { children: ReactNode }) {
  // State, not a reference: in its first commit the menu is outside of the document, where nothing can have the focus; the second one,
  // which the state brings about, is the one that measures.
  const [menu, setMenu] = useState<HTMLElement | null>(null);
  useLayoutEffect(() => menu?.querySelector<HTMLElement>('[role="menuitem"]')?.focus(), [menu]);
  return <Menu ref={setMenu}>{children}</Menu>;
}
