/* A stand-in for Windows' uiautomationcore.dll, of which Debian's Wine 8 lacks what
   the window built for screen readers asks. It does nothing. For tests only. */
#include <windows.h>

#define STAND_IN __declspec(dllexport) HRESULT WINAPI

STAND_IN UiaDisconnectProvider(void *provider) { return S_OK; }
STAND_IN UiaHostProviderFromHwnd(HWND window, void **provider) { *provider = NULL; return E_NOTIMPL; }
STAND_IN UiaRaiseAutomationEvent(void *provider, int event) { return S_OK; }
STAND_IN UiaRaiseStructureChangedEvent(void *provider, int change, int *id, int length) { return S_OK; }
__declspec(dllexport) LRESULT WINAPI UiaReturnRawElementProvider(HWND window, WPARAM w, LPARAM l, void *provider) { return 0; }
