; The setup for Windows. assets/packaging/windows/package defines NAME COMMAND ID VENDOR
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

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"
!define APP_PATHS "Software\Microsoft\Windows\CurrentVersion\App Paths\${COMMAND}.exe"
!define CLASSES "Software\Classes"

Name "${NAME}"
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
VIAddVersionKey /LANG=0 "LegalCopyright" "${YEAR} ${VENDOR}"

Var Everybody ; 1: per machine
Var Given     ; the folder of /D=, if any
Var Choice

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
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"
!insertmacro MUI_LANGUAGE "French"
!insertmacro MUI_LANGUAGE "Spanish"
!insertmacro MUI_LANGUAGE "Japanese"

!macro text name english german french spanish japanese
  LangString ${name} ${LANG_ENGLISH} "${english}"
  LangString ${name} ${LANG_GERMAN} "${german}"
  LangString ${name} ${LANG_FRENCH} "${french}"
  LangString ${name} ${LANG_SPANISH} "${spanish}"
  LangString ${name} ${LANG_JAPANESE} "${japanese}"
!macroend
!insertmacro text whoTitle "For whom" "Für wen" "Pour qui" "Para quién" "対象ユーザー"
!insertmacro text whoText "Who is going to use ${NAME} on this computer?" "Wer wird ${NAME} auf diesem Computer benutzen?" "Qui utilisera ${NAME} sur cet ordinateur ?" "¿Quién va a usar ${NAME} en este ordenador?" "このコンピューターで${NAME}を使うのは誰ですか。"
!insertmacro text whoMe "Only me" "Nur ich" "Moi seulement" "Solo yo" "自分のみ"
!insertmacro text whoAll "Everybody (takes an administrator's rights)" "Alle (mit den Rechten eines Administrators)" "Tout le monde (droits d'administrateur nécessaires)" "Todos (requiere derechos de administrador)" "すべてのユーザー（管理者の権限が必要です）"
!insertmacro text noRights "This takes an administrator's rights." "Dazu sind die Rechte eines Administrators nötig." "Des droits d'administrateur sont nécessaires." "Se requieren derechos de administrador." "管理者の権限が必要です。"
!insertmacro text running "${NAME} is running. Please close it and try again." "${NAME} läuft noch. Bitte schließen und erneut versuchen." "${NAME} est en cours d'exécution. Fermez-le, puis réessayez." "${NAME} se está ejecutando. Ciérrelo e inténtelo de nuevo." "${NAME}が実行中です。終了してから再試行してください。"
!insertmacro text newer "A newer version of ${NAME} is installed already:" "Eine neuere Version von ${NAME} ist bereits installiert:" "Une version plus récente de ${NAME} est déjà installée :" "Ya hay instalada una versión más reciente de ${NAME}:" "新しいバージョンの${NAME}がすでにインストールされています:"
!insertmacro text badFolder "The folder that /D= names cannot be used." "Der mit /D= angegebene Ordner ist nicht benutzbar." "Le dossier indiqué par /D= n'est pas utilisable." "No se puede usar la carpeta indicada con /D=." "/D=で指定されたフォルダーは使えません。"

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
  StrCpy $Given $INSTDIR
  ${If} $Given == "" ; a folder that cannot be is dropped without a word
    System::Call 'kernel32::GetCommandLine() t.r0'
    ${StrStr} $1 $0 " /D="
    ${If} $1 != ""
      MessageBox MB_OK|MB_ICONSTOP "$(badFolder)" /SD IDOK
      SetErrorLevel 2
      Quit
    ${EndIf}
  ${EndIf}
  StrCpy $Everybody 0
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/ALLUSERS" $1
  ${IfNot} ${Errors}
    StrCpy $Everybody 1
    !insertmacro isAdministrator $1
    ${If} $1 != "Admin"
      !insertmacro elevate "$EXEPATH" "$0"
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
      !insertmacro elevate "$EXEPATH" "/ALLUSERS $0"
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
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${COMMAND}-window.exe"
  WriteRegStr SHCTX "${APP_PATHS}" "" "$INSTDIR\${COMMAND}.exe"
  WriteRegStr SHCTX "${APP_PATHS}" "Path" "$INSTDIR"
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
