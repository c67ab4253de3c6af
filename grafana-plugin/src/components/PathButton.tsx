import { locationUtil } from '@grafana/data';
import { LinkButton } from '@grafana/ui';
import React, { type ComponentProps } from 'react';

type Props = Omit<ComponentProps<typeof LinkButton>, 'href'> & {
  /** A path of Grafana, without the sub-path that it may be served under. */
  to: string;
};

/** A button that leads to a page. Grafana's own takes its address as it is, and would leave a sub-path. */
export function PathButton({ to, ...rest }: Props) {
  return <LinkButton {...(rest as ComponentProps<typeof LinkButton>)} href={locationUtil.assureBaseUrl(to)} />;
}
