import type { ExternalDetector } from './types.js';

const MAX_DETECTORS = 256;

/** Detectors outside of the guard that this process declares, by name. Filled before and after the guard starts. */
export class DetectorRegistry {
  readonly #detectors = new Map<string, ExternalDetector>();
  #listener: (() => void) | null = null;

  /** Is called whenever a new name was declared. */
  onChange(listener: (() => void) | null): void {
    this.#listener = listener;
  }

  /** Adds or replaces a detector. Beyond 256 names nothing is added. */
  declare(detector: ExternalDetector): void {
    const known = this.#detectors.has(detector.name);
    if (!known && this.#detectors.size >= MAX_DETECTORS) return;
    this.#detectors.set(detector.name, detector);
    if (!known) this.#listener?.();
  }

  get(name: string): ExternalDetector | undefined {
    return this.#detectors.get(name);
  }
}
