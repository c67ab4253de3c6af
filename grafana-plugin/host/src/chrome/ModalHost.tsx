import type { PluginExtensionOpenModalOptions } from '@grafana/data';
import { Modal } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { modal } from '../services/extensions';

/** Shows modals that links of the app open. */
export function ModalHost() {
  const [options, setOptions] = useState<PluginExtensionOpenModalOptions>();
  useEffect(() => {
    modal.open = setOptions;
    return () => void (modal.open = () => undefined);
  }, []);
  if (options === undefined) return null;
  const { title, body: Body } = options;
  const close = () => setOptions(undefined);
  return (
    <Modal title={title} isOpen onDismiss={close}>
      <Body onDismiss={close} />
    </Modal>
  );
}
