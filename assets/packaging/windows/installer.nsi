; The setup for Windows. assets/packaging/windows/package defines NAME SHOWN COMMAND ID VENDOR
; HOMEPAGE VERSION NUMBER YEAR ICON SIDEBAR FILES SIZE OUT.
;
;   setup [/S] [/ALLUSERS] [/DOWNGRADE] [/D=FOLDER]     uninstall [/S]
;     /S          silent                /ALLUSERS  for everybody, by an administrator
;     /DOWNGRADE  over a newer version  /D=        into this folder; last, and unquoted
;
; Exit status: 0 done, 1 cancelled, 2 aborted or not to be written, 3 takes an
; administrator's rights, 4 the program is running, 5 a newer version is installed.
Target amd64-unicode
Unicode true
SetCompressor /SOLID lzma
!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include WordFunc.nsh
!include nsDialogs.nsh
!include StrFunc.nsh
${StrStr}
${UnStrStr}

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"
!define APP_PATHS "Software\Microsoft\Windows\CurrentVersion\App Paths\${COMMAND}.exe"
!define CLASSES "Software\Classes"

Name "${NAME}" "${SHOWN}" ; where a single & would underline the next letter
OutFile "${OUT}"
RequestExecutionLevel user
ManifestSupportedOS Win10
ManifestDPIAware true
ManifestLongPathAware true
BrandingText "${NAME} ${VERSION}"
AllowSkipFiles off
VIProductVersion "${NUMBER}"
VIAddVersionKey /LANG=0 "ProductName" "${NAME}"
VIAddVersionKey /LANG=0 "CompanyName" "${VENDOR}"
VIAddVersionKey /LANG=0 "FileDescription" "${NAME} Setup"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "LegalCopyright" "${YEAR} The Handback authors"

Var Everybody ; 1: per machine
Var Given     ; the folder of /D=, if any
Var Folder    ; " /D=" and that, which NSIS has cut off the parameters
Var Choice
Var Before    ; the folder of the installation whose place this one takes
Var OnPath    ; 1: setup has put its folder on the PATH
Var Found     ; by editPath: 1 changed, 2 there already, 0 neither

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDEBAR}"
!define MUI_WELCOMEFINISHPAGE_BITMAP_STRETCH AspectFitHeight ; a wide typeface widens the page
!define MUI_FINISHPAGE_RUN "$INSTDIR\${COMMAND}-window.exe"
Page custom choosePage chooseLeave
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!include texts.nsh ; the languages, and what setup says in each

; Sets what depends on for whom it is, and refuses to go back to an older version.
Function settle
  ${If} $Everybody = 1
    SetShellVarContext all
    StrCpy $0 "$PROGRAMFILES64\${NAME}"
  ${Else}
    SetShellVarContext current
    StrCpy $0 "$LOCALAPPDATA\Programs\${NAME}"
  ${EndIf}
  ReadRegStr $1 SHCTX "${UNINSTALL}" "InstallLocation"
  ${If} $Given != ""
    StrCpy $INSTDIR $Given
  ${ElseIf} $1 != ""
    StrCpy $INSTDIR $1
  ${Else}
    StrCpy $INSTDIR $0
  ${EndIf}
  ReadRegStr $1 SHCTX "${UNINSTALL}" "DisplayVersion"
  ${If} $1 != ""
    ${VersionCompare} "$1" "${VERSION}" $2
    ${GetParameters} $3
    ClearErrors
    ${GetOptions} $3 "/DOWNGRADE" $4
    ${If} ${Errors}
    ${AndIf} $2 = 1
      MessageBox MB_OK|MB_ICONSTOP "$(newer) $1" /SD IDOK
      SetErrorLevel 5
      Quit
    ${EndIf}
  ${EndIf}
FunctionEnd

!macro isAdministrator result
  UserInfo::GetAccountType
  Pop ${result}
!macroend

; Starts PROGRAM again as an administrator, or ends with 3.
!macro elevate program parameters
  ${If} ${Silent}
    SetErrorLevel 3
    Quit
  ${EndIf}
  ClearErrors
  ExecShell "runas" "${program}" "${parameters}"
  ${If} ${Errors}
    MessageBox MB_OK|MB_ICONSTOP "$(noRights)"
    SetErrorLevel 3
  ${EndIf}
  Quit
!macroend

Function .onInit
  System::Call 'kernel32::GetCommandLine() t.r0'
  StrCpy $Given $INSTDIR
  ${StrStr} $1 $0 " /D="
  ${If} $1 == "" ; quotation marks, which shells set around a folder with a space, hide it from NSIS
    ${StrStr} $1 $0 '"/D='
    ${If} $1 != ""
      StrCpy $1 $1 "" 4
      ${StrStr} $2 $1 '"'
      StrLen $3 $1
      StrLen $4 $2
      IntOp $3 $3 - $4
      StrCpy $Given $1 $3
      ${Do} ; shells end a folder's name so, and double it before a quotation mark
        StrCpy $3 $Given 1 -1
        ${IfThen} $3 != "\" ${|} ${Break} ${|}
        StrCpy $Given $Given -1
      ${Loop}
      StrCpy $INSTDIR $Given
      StrCpy $3 $Given 2 1
      ${If} $3 != ":\"
      ${OrIf} $INSTDIR != $Given
        StrCpy $Given ""
      ${EndIf}
    ${EndIf}
  ${EndIf}
  ${If} $1 != ""
  ${AndIf} $Given == "" ; a folder that cannot be is dropped without a word
    MessageBox MB_OK|MB_ICONSTOP "$(badFolder)" /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
  ${If} $Given != ""
    StrCpy $Folder " /D=$Given"
  ${EndIf}
  StrCpy $Everybody 0
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/ALLUSERS" $1
  ${IfNot} ${Errors}
    StrCpy $Everybody 1
    !insertmacro isAdministrator $1
    ${If} $1 != "Admin"
      !insertmacro elevate "$EXEPATH" "$0$Folder"
    ${EndIf}
  ${EndIf}
  Call settle
FunctionEnd

Function choosePage
  ${If} $Everybody = 1
    Abort
  ${EndIf}
  !insertmacro MUI_HEADER_TEXT "$(whoTitle)" "$(whoText)"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateRadioButton} 0 20u 100% 12u "$(whoMe)"
  Pop $0
  ${NSD_Check} $0
  ${NSD_SetFocus} $0
  ${NSD_CreateRadioButton} 0 40u 100% 12u "$(whoAll)"
  Pop $Choice
  nsDialogs::Show
FunctionEnd

Function chooseLeave
  ${NSD_GetState} $Choice $0
  ${If} $0 = ${BST_CHECKED}
    !insertmacro isAdministrator $1
    ${If} $1 != "Admin"
      ${GetParameters} $0
      !insertmacro elevate "$EXEPATH" "/ALLUSERS $0$Folder"
    ${EndIf}
    StrCpy $Everybody 1
    Call settle
  ${EndIf}
FunctionEnd

; Ends with 4 while FILE runs: an image that is mapped is not opened for writing.
!macro refuseRunning file
  !define again "again_${__LINE__}"
  ${again}:
  ${If} ${FileExists} "${file}"
    System::Call 'kernel32::CreateFileW(w "${file}", i 0x40000000, i 7, p 0, i 3, i 0x80, p 0) p.r1 ?e'
    Pop $2
    ${If} $1 P<> -1
      System::Call 'kernel32::CloseHandle(p r1)'
    ${ElseIf} $2 = 32
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(running)" /SD IDCANCEL IDRETRY ${again}
      SetErrorLevel 4
      Quit
    ${EndIf}
  ${EndIf}
  !undef again
!macroend

!macro kind id extension text
  WriteRegStr SHCTX "${CLASSES}\${id}" "" "${text}"
  WriteRegStr SHCTX "${CLASSES}\${id}\DefaultIcon" "" "$INSTDIR\${COMMAND}-window.exe,0"
  WriteRegStr SHCTX "${CLASSES}\${id}\shell\open\command" "" '"$INSTDIR\${COMMAND}-window.exe" "%1"'
  WriteRegStr SHCTX "${CLASSES}\${extension}\OpenWithProgids" "${id}" ""
!macroend

!macro unkind id extension
  DeleteRegKey SHCTX "${CLASSES}\${id}"
  DeleteRegValue SHCTX "${CLASSES}\${extension}\OpenWithProgids" "${id}"
  DeleteRegKey /ifempty SHCTX "${CLASSES}\${extension}\OpenWithProgids"
!macroend

!macro changed
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

; Adds the folder $R0 to the PATH of the person or the machine where $R1 is 1, or takes it
; out. A string of NSIS has 1023 characters, and a PATH may have 32767: it stays in memory
; of ours, and is written back whole, in its type, or not at all.
!macro editPath un search
Function ${un}editPath
  StrCpy $Found 0
  StrLen $R2 $R0
  ${${search}} $R3 $R0 ";"
  ${${search}} $R4 $R0 "%"
  ${If} $R2 = 0
  ${OrIf} $R2 > 259
  ${OrIf} "$R3$R4" != "" ; which mean something else in a PATH
    Return
  ${EndIf}
  StrCpy $0 -2147483647 ; HKEY_CURRENT_USER
  StrCpy $1 "Environment"
  ${If} $Everybody = 1
    StrCpy $0 -2147483646 ; HKEY_LOCAL_MACHINE
    StrCpy $1 "SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
  ${EndIf}
  System::Call 'advapi32::RegOpenKeyExW(p r0, w r1, i 0, i 3, *p .r2) i .r3'
  ${If} $3 <> 0
    Return
  ${EndIf}
  StrCpy $R8 ""
  StrCpy $4 0
  System::Call 'advapi32::RegQueryValueExW(p r2, w "Path", p 0, *i .r4, p 0, *i .r5) i .r3'
  ${If} $3 = 2 ; there is none
    StrCpy $4 2
    StrCpy $5 0
  ${ElseIf} $3 <> 0
    StrCpy $4 0
  ${EndIf}
  ${If} $4 = 1 ; REG_SZ
  ${OrIf} $4 = 2 ; REG_EXPAND_SZ
    IntOp $6 $5 + 2048
    System::Alloc $6 ; zeros: what is read ends
    Pop $R8
  ${EndIf}
  ${If} $R8 P<> 0
    ; ";" PATH ";", so that every entry stands between two
    IntPtrOp $R7 $R8 + 2
    System::Call 'kernel32::lstrcpyW(p R8, w ";")'
    StrCpy $7 $5
    ${If} $5 > 0
      System::Call 'advapi32::RegQueryValueExW(p r2, w "Path", p 0, p 0, p R7, *i r7r7) i .r3'
    ${Else}
      StrCpy $3 0
    ${EndIf}
    System::Call 'kernel32::lstrlenW(p R7) i .r8'
    IntOp $7 $8 * 2
    IntOp $7 $7 + 4
    ${If} $7 < $5 ; more stands behind a zero
      StrCpy $3 1
    ${EndIf}
    System::Call 'kernel32::lstrcatW(p R8, w ";")'
    StrCpy $R5 ";$R0;"
    System::Call 'shlwapi::StrStrIW(p R8, w R5) p .R6'
    StrCpy $9 -1 ; characters to be written; -1: nothing
    ${If} $3 <> 0
    ${ElseIf} $R1 = 1
      ${If} $R6 P<> 0
        StrCpy $Found 2
      ${ElseIf} $8 < 32400
        ${If} $8 = 0
          System::Call 'kernel32::lstrcpyW(p R7, w R0)'
        ${Else} ; ";" is there already
          System::Call 'kernel32::lstrcatW(p R8, w R0)'
        ${EndIf}
        System::Call 'kernel32::lstrlenW(p R7) i .r9'
      ${EndIf}
    ${Else}
      ${If} $R6 P<> 0
        ; the entry goes with the ";" before it, and then the last ";"
        IntOp $7 $R2 + 1
        IntOp $7 $7 * 2
        IntPtrOp $7 $R6 + $7
        System::Call 'kernel32::lstrlenW(p r7) i .r9'
        IntOp $9 $9 * 2
        System::Call 'ntdll::RtlMoveMemory(p R6, p r7, p r9)'
        IntPtrOp $7 $R6 + $9
        System::Call 'kernel32::lstrcpyW(p r7, w "")'
        System::Call 'kernel32::lstrlenW(p R7) i .r9'
        ${If} $9 > 0
          IntOp $9 $9 - 1
        ${EndIf}
        IntOp $7 $9 * 2
        IntPtrOp $7 $R7 + $7
        System::Call 'kernel32::lstrcpyW(p r7, w "")'
      ${EndIf}
    ${EndIf}
    ${If} $9 > 0
      IntOp $9 $9 + 1
      IntOp $9 $9 * 2
      System::Call 'advapi32::RegSetValueExW(p r2, w "Path", i 0, i r4, p R7, i r9) i .r3'
    ${ElseIf} $9 = 0
      System::Call 'advapi32::RegDeleteValueW(p r2, w "Path") i .r3'
    ${EndIf}
    ${If} $9 >= 0
    ${AndIf} $3 = 0
      StrCpy $Found 1
      System::Call 'user32::SendMessageTimeoutW(p 0xffff, i 0x1a, p 0, w "Environment", i 2, i 1000, *p .r9)'
    ${EndIf}
    System::Free $R8
  ${EndIf}
  System::Call 'advapi32::RegCloseKey(p r2)'
FunctionEnd
!macroend
!insertmacro editPath "" StrStr
!insertmacro editPath "un." UnStrStr

Section
  !insertmacro refuseRunning "$INSTDIR\${COMMAND}.exe"
  !insertmacro refuseRunning "$INSTDIR\${COMMAND}-window.exe"
  ClearErrors
  SetOutPath "$INSTDIR"
  ${If} ${Errors}
    Abort
  ${EndIf}
  File "${FILES}\${COMMAND}.exe"
  File "${FILES}\${COMMAND}-window.exe"
  File "${FILES}\README.md"
  File "${FILES}\CHANGELOG.md"
  File "${FILES}\LICENSE"
  ClearErrors
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} ${Errors}
    Abort
  ${EndIf}
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${COMMAND}-window.exe"
  WriteRegStr SHCTX "${APP_PATHS}" "" "$INSTDIR\${COMMAND}.exe"
  WriteRegStr SHCTX "${APP_PATHS}" "Path" "$INSTDIR"
  ReadRegStr $Before SHCTX "${UNINSTALL}" "InstallLocation"
  ReadRegDWORD $OnPath SHCTX "${UNINSTALL}" "OnPath"
  !insertmacro kind "${ID}.request" ".req" "LicenseSpring deactivation request"
  !insertmacro kind "${ID}.handoff" ".handback" "Unsigned deactivation request"
  !insertmacro kind "${ID}.receipt" ".txt" "Receipt of a deactivation request"
  ClearErrors
  ReadRegStr $0 SHCTX "${CLASSES}\.handback" ""
  ReadRegStr $1 HKCR ".handback" "" ; the other of person and machine too, not under Wine
  ${If} "$0$1" == ""
    WriteRegStr SHCTX "${CLASSES}\.handback" "" "${ID}.handoff"
  ${EndIf}
  ClearErrors
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayIcon" "$INSTDIR\${COMMAND}-window.exe,0"
  WriteRegStr SHCTX "${UNINSTALL}" "Publisher" "${VENDOR}"
  WriteRegStr SHCTX "${UNINSTALL}" "URLInfoAbout" "${HOMEPAGE}"
  WriteRegStr SHCTX "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr SHCTX "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD SHCTX "${UNINSTALL}" "EstimatedSize" ${SIZE}
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoRepair" 1
  ${If} ${Errors}
    Abort
  ${EndIf}
  ; An entry that was there already is not setup's to take out.
  ${If} $Before != $INSTDIR
    ${If} $OnPath = 1
      StrCpy $R0 $Before
      StrCpy $R1 0
      Call editPath
    ${EndIf}
    StrCpy $OnPath 0
  ${EndIf}
  StrCpy $R0 $INSTDIR
  StrCpy $R1 1
  Call editPath
  ${If} $Found = 1
    StrCpy $OnPath 1
  ${ElseIf} $Found = 0
    DetailPrint "$(notOnPath) $INSTDIR"
  ${EndIf}
  WriteRegDWORD SHCTX "${UNINSTALL}" "OnPath" $OnPath
  !insertmacro changed
SectionEnd

Function un.onInit
  StrCpy $Everybody 0
  SetShellVarContext current
  ReadRegStr $0 HKLM "${UNINSTALL}" "InstallLocation"
  ${If} $0 == $INSTDIR
    StrCpy $Everybody 1
    SetShellVarContext all
    !insertmacro isAdministrator $1
    ${If} $1 != "Admin"
      !insertmacro elevate "$INSTDIR\uninstall.exe" ""
    ${EndIf}
  ${EndIf}
FunctionEnd

; Requests, journal and settings are people's, and stay.
Section Uninstall
  !insertmacro refuseRunning "$INSTDIR\${COMMAND}.exe"
  !insertmacro refuseRunning "$INSTDIR\${COMMAND}-window.exe"
  ReadRegStr $Before SHCTX "${UNINSTALL}" "InstallLocation"
  ReadRegDWORD $OnPath SHCTX "${UNINSTALL}" "OnPath"
  ${If} $Before == $INSTDIR
  ${AndIf} $OnPath = 1
    StrCpy $R0 $INSTDIR
    StrCpy $R1 0
    Call un.editPath
  ${EndIf}
  SetOutPath "$TEMP"
  Delete "$INSTDIR\${COMMAND}.exe"
  Delete "$INSTDIR\${COMMAND}-window.exe"
  Delete "$INSTDIR\README.md"
  Delete "$INSTDIR\CHANGELOG.md"
  Delete "$INSTDIR\LICENSE"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  ReadRegStr $0 SHCTX "${UNINSTALL}" "InstallLocation"
  ${If} $0 == $INSTDIR ; else another folder's installation has taken its place
    Delete "$SMPROGRAMS\${NAME}.lnk"
    DeleteRegKey SHCTX "${APP_PATHS}"
    !insertmacro unkind "${ID}.request" ".req"
    !insertmacro unkind "${ID}.handoff" ".handback"
    !insertmacro unkind "${ID}.receipt" ".txt"
    ReadRegStr $0 SHCTX "${CLASSES}\.handback" ""
    ${If} $0 == "${ID}.handoff"
      DeleteRegValue SHCTX "${CLASSES}\.handback" ""
      EnumRegValue $0 SHCTX "${CLASSES}\.handback\OpenWithProgids" 0
      ${If} $0 != "" ; another brand is there to open them
        WriteRegStr SHCTX "${CLASSES}\.handback" "" $0
      ${EndIf}
    ${EndIf}
    DeleteRegKey /ifempty SHCTX "${CLASSES}\.handback"
    DeleteRegKey /ifempty SHCTX "${CLASSES}\.req"
    DeleteRegKey SHCTX "${UNINSTALL}"
    !insertmacro changed
  ${EndIf}
SectionEnd
