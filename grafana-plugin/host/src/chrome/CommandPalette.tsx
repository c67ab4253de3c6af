import { PluginExtensionPoints } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { Button, Input, Modal, Stack } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { linksAt } from '../services/extensions';

/** Ctrl+K (⌘K): the commands that the app adds to Grafana's palette. */
export function CommandPalette() {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setSearch('');
      setOpen(true);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  if (!open) return null;
  const close = () => setOpen(false);
  const links = linksAt(PluginExtensionPoints.CommandPalette, {}).filter(({ title }) =>
    title.toLowerCase().includes(search.toLowerCase()),
  );
  return (
    <Modal title="Command palette" isOpen onDismiss={close}>
      <Stack direction="column" gap={1}>
        <Input
          autoFocus
          aria-label="Search commands"
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        {links.length === 0 && <p>The app adds no such command.</p>}
        {links.map(({ id, title, path, onClick }) => (
          <Button
            key={id}
            fill="text"
            variant="secondary"
            onClick={(event) => {
              close();
              onClick?.(event);
              if (path !== undefined) locationService.push(path);
            }}
          >
            {title}
          </Button>
        ))}
      </Stack>
    </Modal>
  );
}
