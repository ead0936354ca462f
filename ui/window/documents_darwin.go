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

// watchDelegate adds the method to the delegate's class. Where GLFW names it otherwise,
// or has the method itself, nothing is added.
static void watchDelegate(void) {
	class_addMethod(NSClassFromString(@"GLFWApplicationDelegate"), @selector(application:openURLs:), (IMP)openURLs, "v@:@@");
}
*/
import "C"

import "unsafe"

// openDocuments is what watchDocuments was given.
var openDocuments func(paths []string)

// watchDocuments passes on which files Finder opens with this program: macOS names
// them to the application's delegate, which is GLFW's and does not listen. It must be
// called before the first window is made, for then those come that the program was
// started with. open is called on a goroutine of its own.
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
