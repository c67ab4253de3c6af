import { ControlsLabel, SceneObjectBase, type dataLayers, type SceneObjectState } from '@grafana/scenes';
import React from 'react';

interface State extends SceneObjectState {
  layers: dataLayers.AnnotationsDataLayer[];
}

/** A switch for each annotation query under its own name, as a dashboard of Grafana has them. `SceneDataLayerControls` names the set only. */
export class LayerControls extends SceneObjectBase<State> {
  static Component = ({ model }: { model: LayerControls }) =>
    model.useState().layers.map((layer) => (
      <div key={layer.state.key} style={{ display: 'flex' }}>
        <ControlsLabel htmlFor={`data-layer-${layer.state.key}`} label={layer.state.name} />
        <layer.Component model={layer} />
      </div>
    ));
}
