package window

/*
#cgo CFLAGS: -x objective-c
#cgo LDFLAGS: -framework Foundation

#import <Foundation/Foundation.h>
#import <objc/runtime.h>
#include <stdlib.h>

void documentsOpened(char **paths, int count);

// openURLs is application:openURLs: of NSApplicationDelegate.
static void openURLs(id self, SEL selector, id application, NSArray *urls) {
	char **paths = calloc([urls count] + 1, sizeof *paths);
	int count = 0;
	for (NSURL *url in urls)
		if ([url isFileURL])
			paths[count++] = (char *)[[url path] fileSystemRepresentation];
	documentsOpened(paths, count);
	free(paths);
}

// watchDelegate adds the method to the delegate's class. It does nothing if GLFW's class
// has another name, or has the method already.
static void watchDelegate(void) {
	class_addMethod(NSClassFromString(@"GLFWApplicationDelegate"), @selector(application:openURLs:), (IMP)openURLs, "v@:@@");
}
*/
import "C"

import "unsafe"

// openDocuments is the function given to watchDocuments.
var openDocuments func(paths []string)

// watchDocuments calls open, on a goroutine of its own, with the files that Finder opens
// with this program. macOS passes them to the application's delegate, which is GLFW's and
// ignores them. watchDocuments must be called before the first window is made, to get the
// files that the program was started with.
func watchDocuments(open func(paths []string)) {
	openDocuments = open
	C.watchDelegate()
}

//export documentsOpened
func documentsOpened(paths **C.char, count C.int) {
	var opened []string
	for _, path := range unsafe.Slice(paths, count) {
		opened = append(opened, C.GoString(path))
	}
	go openDocuments(opened)
}
