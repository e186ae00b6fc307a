//go:build tools

// Package tools pins the Go programs that the tests run; ./dev builds them from here.
package tools

import (
	_ "github.com/summerwind/h2spec/cmd/h2spec"
	_ "google.golang.org/grpc/interop/client"
)
