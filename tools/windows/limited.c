/* Runs a program without an administrator's rights, which everything has under Wine:
 * limited PROGRAM [ARGUMENT...]. */
#define _WIN32_WINNT 0x0601
#include <windows.h>

int wmain(int n, wchar_t **a)
{
	BYTE sid[SECURITY_MAX_SID_SIZE];
	DWORD size = sizeof sid, status = 99;
	SID_AND_ATTRIBUTES administrators = {sid, 0};
	STARTUPINFOW start = {.cb = sizeof start};
	PROCESS_INFORMATION made;
	HANDLE own, limited;
	wchar_t *line = wcschr(GetCommandLineW(), ' ');

	if (n < 2 || !line || !(line += wcsspn(line, L" ")) || !CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, sid, &size)
		|| !OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, &own)
		|| !CreateRestrictedToken(own, 0, 1, &administrators, 0, NULL, 0, NULL, &limited)
		|| !CreateProcessAsUserW(limited, NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &start, &made))
		return 98;
	WaitForSingleObject(made.hProcess, INFINITE);
	GetExitCodeProcess(made.hProcess, &status);
	return status;
}
