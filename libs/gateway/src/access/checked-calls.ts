import { checkOperationAccess } from '@facet/access';
import { asCodedError, type Call, type Caller, type Dispatch } from '@facet/contracts';

/**
 * Calls that are held to what the contract demands before anything else is done for them: before an answer is looked up in
 * the cache, and whether or not the service checks its callers itself. What a gateway's own code calls passes here too.
 */
export function checkedCalls(caller: Caller | undefined, call: Call): Call {
  return (operation, input, options) => {
    try {
      checkOperationAccess(operation, input, caller);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : asCodedError(error));
    }
    return call(operation, input, options);
  };
}

/** The same for calls whose answers are handed to a handler. */
export function checkedDispatch(caller: Caller | undefined, dispatch: Dispatch): Dispatch {
  return (request, handler) => {
    try {
      checkOperationAccess(request.selection.operation, request.input, caller);
    } catch (error) {
      handler.missed(error);
      return () => undefined;
    }
    return dispatch(request, handler);
  };
}
