declare let __webpack_public_path__: string;

// Plugins nested in the app share its chunks, which lie beside the module of the app and not beside theirs.
__webpack_public_path__ = __webpack_public_path__.replace(/(datasource|panel)\/$/, '');

export {};
