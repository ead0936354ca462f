; makensis -DHANDBACK=...\handback.exe -DPROFILE=...\acme.toml -DOUT=...\setup.exe installer.nsi
Unicode true
Target amd64-unicode ; left out, the installer is a 32-bit program, which works as well
Name "Acme CAD"
OutFile "${OUT}"
InstallDir "$PROGRAMFILES64\Acme CAD"
RequestExecutionLevel admin
Page instfiles
UninstPage instfiles

Section
  SetOutPath "$INSTDIR"
  File "/oname=handback.exe" "${HANDBACK}"
  File "/oname=acme.toml" "${PROFILE}"
  WriteUninstaller "$INSTDIR\uninstall.exe"
SectionEnd

Section Uninstall
  ; "all": $APPDATA is C:\ProgramData, whoever runs this.
  SetShellVarContext all
  IfFileExists "$APPDATA\Acme CAD\license.key" 0 nokey
  ; Not in ProgramData, where everybody may put files into new folders: whoever made this
  ; one first could change what is written here, as an administrator.
  CreateDirectory "$PROGRAMFILES64\Acme CAD Released"
  ; The journal lies beside the requests, not in the profile of the administrator.
  System::Call 'kernel32::SetEnvironmentVariable(t "HANDBACK_HOME", t "$PROGRAMFILES64\Acme CAD Released\handback")'
  ; nsExec opens no console. cmd is there for "<": the key is no argument, which all could see.
  ; "/" ends the folder, as \" would be a quotation mark. /s: cmd drops the outer quotation marks alone.
  nsExec::ExecToLog /TIMEOUT=20000 '"$SYSDIR\cmd.exe" /d /s /c ""$INSTDIR\handback.exe" create --quiet --unsigned --license-key - --profile "$INSTDIR\acme.toml" --output "$PROGRAMFILES64\Acme CAD Released/" --log "$PROGRAMFILES64\Acme CAD Released\release.log" < "$APPDATA\Acme CAD\license.key""'
  Pop $0 ; handback's exit status, or "error" or "timeout"
  StrCmp $0 0 0 failed
  DetailPrint "The request to give the license back is in $PROGRAMFILES64\Acme CAD Released. Submit it to free the license."
  Goto remove
failed:
  DetailPrint "No request was made (status $0). See release.log there, and ask support@acme.example."
  Goto remove
nokey:
  DetailPrint "No license key: nothing to give back."
remove: ; in any case: a license is no reason to keep a product installed
  Delete "$INSTDIR\handback.exe"
  Delete "$INSTDIR\acme.toml"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
SectionEnd
