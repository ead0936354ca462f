/* Shows the PATH in the registry as its type, its bytes and its text, or sets it as given:
 * path user|machine [TYPE TEXT]. TYPE 0 deletes it; "#" in TEXT is a zero. */
#include <windows.h>
#include <stdio.h>

int wmain(int n, wchar_t **a)
{
	static wchar_t text[65536];
	static char out[4 * 65536];
	DWORD type, size = sizeof text - 2;
	HKEY key;

	if (n < 2 || RegOpenKeyExW(*a[1] == 'm' ? HKEY_LOCAL_MACHINE : HKEY_CURRENT_USER,
		*a[1] == 'm' ? L"SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment" : L"Environment", 0, KEY_READ | KEY_WRITE, &key))
		return 1;
	if (n == 4 && _wtoi(a[2]) == 0)
		return RegDeleteValueW(key, L"Path") != 0;
	if (n == 4) {
		size = 2 * wcslen(a[3]) + 2;
		for (wchar_t *c = a[3]; (c = wcschr(c, L'#')); c++)
			*c = 0;
		return RegSetValueExW(key, L"Path", 0, _wtoi(a[2]), (BYTE *)a[3], size) != 0;
	}
	if (RegQueryValueExW(key, L"Path", NULL, &type, (BYTE *)text, &size))
		puts("none");
	else {
		for (DWORD i = 0; i + 1 < size / 2; i++)
			if (text[i] == 0)
				text[i] = L'#';
		WideCharToMultiByte(CP_UTF8, 0, text, -1, out, sizeof out, NULL, NULL);
		printf("%lu %lu %s\n", type, size, out);
	}
	return 0;
}
