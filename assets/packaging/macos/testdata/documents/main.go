// Command documents takes the place of the window and of AppKit in a test, with GNUstep's
// Foundation: it passes its arguments to a delegate with the name of GLFW's, and prints
// what arrives.
package main

/*
#import <Foundation/Foundation.h>

@interface GLFWApplicationDelegate : NSObject
@end

@implementation GLFWApplicationDelegate
@end

@protocol Opens
- (void)application:(id)application openURLs:(NSArray *)urls;
@end

static NSMutableArray *urls;

static void add(char *path) {
	NSAutoreleasePool *pool = [NSAutoreleasePool new];
	if (!urls)
		urls = [[NSMutableArray alloc] initWithObjects:[NSURL URLWithString:@"https://example.com/a.req"], nil];
	[urls addObject:[NSURL fileURLWithPath:[NSString stringWithUTF8String:path]]];
	[pool drain];
}

static int listens(void) {
	return [GLFWApplicationDelegate instancesRespondToSelector:@selector(application:openURLs:)];
}

static void deliver(void) {
	NSAutoreleasePool *pool = [NSAutoreleasePool new];
	[(id<Opens>)[GLFWApplicationDelegate new] application:nil openURLs:urls];
	[pool drain];
}
*/
import "C"

import (
	"fmt"
	"os"
)

func main() {
	if C.listens() != 0 {
		fmt.Println("the delegate listens by itself")
		os.Exit(1)
	}
	arrived := make(chan []string)
	watchDocuments(func(paths []string) { arrived <- paths })
	for _, path := range os.Args[1:] {
		C.add(C.CString(path))
	}
	C.deliver()
	for _, path := range <-arrived {
		fmt.Println(path)
	}
}
