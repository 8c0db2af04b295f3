export { Fault, type FaultOptions, type FieldFault, type WireFault } from './fault.js';
